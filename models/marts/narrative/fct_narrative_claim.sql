with claims as (

    select * from {{ ref('stg_claim') }}

),

sentences as (

    select * from {{ ref('stg_sentence') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

functional_codes as (

    select * from {{ ref('int_claim_functional_code') }}

),

projects as (

    select * from {{ ref('int_claim_project') }}

),

verdicts as (

    select * from {{ ref('int_claim_verdict') }}

),

nearest as (

    select * from {{ ref('int_claim_nearest') }}

)

select
    claims.document_id,
    identities.disclosure_key,
    identities.department_key,
    identities.fiscal_year,
    identities.disclosure_kind,
    claims.claim_order as claim_number,
    claims.sentence_order as sentence_number,
    sentences.section,
    claims.subject,
    claims.measure,
    claims.class_name,
    claims.section_name,
    claims.item_name,
    case when claims.claim_kind <> 'count' then functional_codes.functional_code end as functional_code,
    projects.project_key,
    claims.claim_kind,
    claims.phase,
    cast(claims.value as decimal(24, 6)) as value,
    cast(claims.delta as decimal(24, 6)) as delta,
    claims.direction,
    cast(claims.percent as decimal(12, 4)) as percent,
    claims.unit,
    claims.compared_with,
    claims.share_base,
    claims.base_measure,
    claims.whole_order as whole_claim_number,
    claims.value_order as value_claim_number,
    claims.value_text,
    claims.delta_text,
    claims.percent_text,
    claims.delta_unit,
    claims.value_half_unit,
    claims.delta_half_unit,
    cast(claims.percent_half_unit as decimal(20, 6)) as percent_half_unit,
    claims.quote as sentence,
    claims.source_page,
    claims.source_line,
    coalesce(verdicts.status, 'not_evaluated') as status,
    verdicts.severity,
    cast(
        case
            when
                verdicts.check_name in ('share_of_whole', 'rate_of_change', 'rate_of_completion')
                or (verdicts.check_name = 'change_from_stated_figure' and claims.delta is null)
                then null
            else verdicts.expected
        end
        as decimal(24, 6)
    ) as expected_value,
    cast(
        case
            when
                verdicts.check_name in ('share_of_whole', 'rate_of_change', 'rate_of_completion')
                or (verdicts.check_name = 'change_from_stated_figure' and claims.delta is null)
                then verdicts.expected
        end
        as decimal(12, 4)
    ) as expected_percent,
    verdicts.check_name,
    coalesce(verdicts.reason, nearest.reason) as reason,
    claims.confidence,
    identities.is_explanation_current as is_current
from claims
inner join sentences
    on
        claims.document_id = sentences.document_id
        and claims.sentence_order = sentences.sentence_order
inner join identities on claims.document_id = identities.document_id
left join functional_codes
    on
        claims.document_id = functional_codes.document_id
        and claims.subject = functional_codes.subject
        and claims.class_name is not distinct from functional_codes.class_name
        and claims.section_name is not distinct from functional_codes.section_name
        and claims.item_name is not distinct from functional_codes.item_name
left join projects
    on
        claims.document_id = projects.document_id
        and claims.claim_order = projects.claim_order
left join verdicts
    on
        claims.document_id = verdicts.document_id
        and claims.claim_order = verdicts.claim_order
left join nearest
    on
        claims.document_id = nearest.document_id
        and claims.claim_order = nearest.claim_order
