with claims as (

    select * from {{ ref('stg_claim') }}

),

sentences as (

    select * from {{ ref('stg_sentence') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

measures as (

    select * from {{ ref('year_measure') }}

),

figures as (

    select * from {{ ref('int_year_figure') }}

),

amounts as (

    select
        identities.edition_key,
        identities.is_superseded_edition,
        identities.department_key,
        identities.fiscal_year,
        identities.disclosure_kind,
        identities.reporting_scope,
        claims.document_id,
        claims.measure,
        claims.subject,
        {{ canonical_name('claims.subject') }} as canonical_subject,
        sentences.section,
        claims.value,
        claims.value_half_unit,
        claims.source_page,
        {{ claim_key('claims', 'value') }} as place_key
    from claims
    inner join identities on claims.document_id = identities.document_id
    inner join sentences
        on
            claims.document_id = sentences.document_id
            and claims.sentence_order = sentences.sentence_order
    where
        claims.claim_kind = 'amount'
        and {{ is_money('claims.unit') }}
        and claims.phase = case identities.disclosure_kind when 'budget' then 'budget' else 'final' end
        -- An explanation that was published again says nothing of the year any more.
        and (coalesce(identities.is_explanation_current, true) or coalesce(identities.is_superseded_edition, false))

),

-- Only what is named beyond doubt; a figure that a form prints is taken from the form.
named as (

    select
        measures.measure_group,
        amounts.edition_key,
        amounts.is_superseded_edition,
        amounts.department_key,
        amounts.fiscal_year,
        amounts.disclosure_kind,
        amounts.reporting_scope,
        amounts.document_id,
        amounts.subject,
        amounts.value,
        amounts.value_half_unit,
        amounts.source_page,
        amounts.place_key
    from amounts
    inner join measures
        on
            coalesce(amounts.measure, '') = coalesce(measures.claim_measure, '')
            and {{ matches_column('amounts.canonical_subject', 'measures.subject_pattern') }}
            and (
                measures.section_pattern is null
                or {{ matches_column('amounts.section', 'measures.section_pattern') }}
            )

),

printed as (

    select distinct
        edition_key,
        measure_group
    from figures

)

select
    named.measure_group as measure,
    named.measure_group,
    named.edition_key,
    coalesce(named.is_superseded_edition, false) as is_superseded_edition,
    named.department_key,
    named.fiscal_year,
    named.disclosure_kind,
    named.reporting_scope,
    min(named.document_id) as document_id,
    min(named.subject) as subject,
    cast(min(named.value) as decimal(20, 2)) as amount,
    max(named.value_half_unit) as half_unit,
    min(named.source_page) as source_page,
    min(named.place_key) as place_key
from named
left join printed
    on
        named.edition_key = printed.edition_key
        and named.measure_group = printed.measure_group
where printed.measure_group is null
group by
    named.measure_group,
    named.edition_key,
    coalesce(named.is_superseded_edition, false),
    named.department_key,
    named.fiscal_year,
    named.disclosure_kind,
    named.reporting_scope
having count(distinct named.value) = 1
