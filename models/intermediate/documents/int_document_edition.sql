with identities as (

    select * from {{ ref('int_document_identity') }}

),

choices as (

    select * from {{ ref('int_document_choice') }}

),

standing as (

    select
        document_id,
        max(case when is_current then 1 else 0 end) as is_current,
        max(case when part = 'explanation' and is_current then 1 else 0 end) as has_current_explanation,
        max(case when part = 'explanation' then 1 else 0 end) as has_explanation,
        sum(case when part <> 'explanation' then 1 else 0 end) as form_count
    from choices
    group by document_id

)

-- A document that nothing is taken from is judged by itself: its sentences beside its own forms, not beside the corrected ones.
select
    identities.document_id,
    case
        when standing.is_current = 0 and standing.form_count > 0 then identities.disclosure_key || '/' || identities.document_id
        else identities.disclosure_key
    end as edition_key,
    identities.disclosure_key,
    identities.department_key,
    identities.department_name,
    identities.fiscal_year,
    identities.disclosure_kind,
    identities.reporting_scope,
    identities.region,
    identities.is_simulated,
    standing.is_current = 0 and standing.form_count > 0 as is_superseded_edition,
    standing.is_current = 1 as is_current,
    -- What it says beside its forms: where it explains nothing, that is as current as the document.
    case when standing.has_explanation = 1 then standing.has_current_explanation else standing.is_current end = 1
        as is_explanation_current,
    case
        when standing.form_count = 0 then 'explanation'
        when standing.has_explanation = 1 then 'whole'
        else 'tables'
    end as role
from identities
inner join standing on identities.document_id = standing.document_id
