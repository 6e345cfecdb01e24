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

    select * from {{ ref('stated_measure') }}

),

measure_cells as (

    select * from {{ ref('stated_measure_cell') }}

),

cells as (

    select * from {{ ref('int_stated_cell') }}

),

shares as (

    select
        claims.*,
        identities.edition_key,
        sentences.section,
        {{ canonical_name('claims.share_base') }} as canonical_base
    from claims
    inner join identities on claims.document_id = identities.document_id
    inner join sentences
        on
            claims.document_id = sentences.document_id
            and claims.sentence_order = sentences.sentence_order
    where claims.claim_kind = 'share' and claims.value is not null and claims.unit <> '%'

),

amounts as (

    select
        claims.document_id,
        claims.claim_order,
        claims.value,
        claims.value_half_unit,
        claims.unit,
        claims.phase,
        claims.measure,
        sentences.section,
        {{ canonical_name('claims.subject') }} as canonical_subject
    from claims
    inner join sentences
        on
            claims.document_id = sentences.document_id
            and claims.sentence_order = sentences.sentence_order
    where claims.claim_kind = 'amount'

),

-- The whole that the sentence itself states before its parts.
wholes as (

    select
        shares.document_id,
        shares.claim_order,
        'the whole that the text states' as base_source,
        amounts.value as base,
        amounts.value_half_unit as base_half_unit,
        {{ claim_key('amounts', 'value') }} as base_key
    from shares
    inner join amounts
        on
            shares.document_id = amounts.document_id
            and shares.whole_order = amounts.claim_order
            and {{ is_money('shares.unit') }} = {{ is_money('amounts.unit') }}

),

-- An amount of the name that the share gives its whole, in the same section, before it.
stated as (

    select
        shares.document_id,
        shares.claim_order,
        'the amount of that name in the text' as base_source,
        amounts.value as base,
        amounts.value_half_unit as base_half_unit,
        {{ claim_key('amounts', 'value') }} as base_key
    from shares
    inner join amounts
        on
            shares.document_id = amounts.document_id
            and shares.section = amounts.section
            and (shares.canonical_base = amounts.canonical_subject or shares.base_measure = amounts.measure)
            and shares.claim_order > amounts.claim_order
            and coalesce(shares.phase, '') = coalesce(amounts.phase, '')

),

-- The cell of a form that the name means.
printed as (

    select
        shares.document_id,
        shares.claim_order,
        cells.form_code || ', page ' || {{ as_text('cells.source_page') }} as base_source,
        cells.amount as base,
        cells.half_unit as base_half_unit,
        cells.cell_key as base_key
    from shares
    inner join measures
        on
            {{ matches_column('shares.canonical_base', 'measures.subject_pattern') }}
            and (
                measures.section_pattern is null
                or {{ matches_column('shares.section', 'measures.section_pattern') }}
                or {{ matches('shares.canonical_base', '^三公') }}
            )
    inner join measure_cells
        on
            measures.measure_key = measure_cells.measure_key
            and measure_cells.phase in ('current', shares.phase)
    inner join cells
        on
            shares.edition_key = cells.edition_key
            and measure_cells.form_code = cells.form_code
            and measure_cells.row_key = cells.row_key
            and measure_cells.column_code = cells.column_code
            and coalesce(measure_cells.side, '') = coalesce(cells.side, '')

),

bases as (

    select * from wholes
    union all
    select * from stated
    union all
    select * from printed

)

select
    document_id,
    claim_order,
    base,
    base_half_unit,
    min(base_source) as base_source,
    min(base_key) as base_key
from bases
group by document_id, claim_order, base, base_half_unit
