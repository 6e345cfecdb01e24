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

functional_codes as (

    select * from {{ ref('int_claim_functional_code') }}

),

cells as (

    select * from {{ ref('int_stated_cell') }}

),

line_patterns as (

    select *
    from {{ ref('supplementary_line') }}
    where form_code is null

),

told_amounts as (

    select
        claims.document_id,
        claims.claim_order,
        claims.sentence_order,
        claims.value,
        identities.edition_key,
        identities.disclosure_kind,
        claims.claim_kind,
        claims.unit,
        claims.subject,
        claims.class_name,
        claims.section_name,
        claims.item_name,
        {{ canonical_name('claims.subject') }} as canonical_subject,
        sentences.section,
        -- Of the forms only the 三公 form tells its phases apart; the others hold what the disclosure is about.
        case
            when claims.claim_kind = 'count' then 'current'
            when claims.phase = case identities.disclosure_kind when 'final_account' then 'final' else 'budget' end then 'current'
        end as current_phase,
        claims.phase
    from claims
    inner join sentences
        on
            claims.document_id = sentences.document_id
            and claims.sentence_order = sentences.sentence_order
    inner join identities on claims.document_id = identities.document_id
    where
        (claims.claim_kind = 'count' or (claims.claim_kind = 'amount' and {{ is_money('claims.unit') }}))
        and not {{ matches('sentences.section', '项目名称[：:]') }}

),

-- 年初结转和结余3万元，本年收入5万元: what names nothing by itself has the subject of what stands before it. Of several figures of a sentence
-- that would be one thing only the first is that beyond doubt.
first_amounts as (

    select
        *,
        first_value(value) over (
            partition by document_id, sentence_order, subject, class_name, section_name, item_name, phase, claim_kind, unit
            order by claim_order
        ) as first_value_of_subject
    from told_amounts

),

amounts as (

    select *
    from first_amounts
    where value = first_value_of_subject

),

subjects as (

    select distinct
        canonical_subject,
        section
    from amounts

),

named_measures as (

    select
        subjects.canonical_subject,
        subjects.section,
        measures.measure_key
    from subjects
    inner join measures
        on
            {{ matches_column('subjects.canonical_subject', 'measures.subject_pattern') }}
            and (
                measures.section_pattern is null
                or {{ matches_column('subjects.section', 'measures.section_pattern') }}
            )
            and (
                measures.not_section_pattern is null
                or not {{ matches_column('subjects.section', 'measures.not_section_pattern') }}
            )

),

by_measure as (

    select
        amounts.document_id,
        amounts.claim_order,
        named_measures.measure_key,
        cells.form_code,
        cells.row_code,
        cells.row_label,
        cells.column_code,
        cells.amount,
        cells.half_unit,
        cells.source_page,
        cells.cell_key
    from amounts
    inner join named_measures
        on
            amounts.canonical_subject = named_measures.canonical_subject
            and amounts.section = named_measures.section
    inner join measure_cells
        on
            named_measures.measure_key = measure_cells.measure_key
            and measure_cells.phase in (amounts.phase, amounts.current_phase)
    inner join cells
        on
            amounts.edition_key = cells.edition_key
            and measure_cells.form_code = cells.form_code
            and measure_cells.row_key = cells.row_key
            and measure_cells.column_code = cells.column_code
            and coalesce(measure_cells.side, '') = coalesce(cells.side, '')
    where amounts.claim_kind = 'amount' and amounts.class_name is null and amounts.section_name is null

),

-- Vehicles by kind, as the form of other information lists them.
by_line as (

    select
        amounts.document_id,
        amounts.claim_order,
        'counted line' as measure_key,
        cells.form_code,
        cells.row_code,
        cells.row_label,
        cells.column_code,
        cells.amount,
        cells.half_unit,
        cells.source_page,
        cells.cell_key
    from amounts
    inner join line_patterns on amounts.canonical_subject like line_patterns.pattern
    inner join cells
        on
            amounts.edition_key = cells.edition_key
            and cells.row_key = 'line:' || line_patterns.line_code
            and cells.form_code = 'supplementary_information'
    where amounts.claim_kind = 'count' and amounts.unit = '辆' and {{ matches('amounts.section', '资产|车辆') }}

),

by_function as (

    select
        amounts.document_id,
        amounts.claim_order,
        'function' as measure_key,
        cells.form_code,
        cells.row_code,
        cells.row_label,
        cells.column_code,
        cells.amount,
        cells.half_unit,
        cells.source_page,
        cells.cell_key
    from amounts
    inner join functional_codes
        on
            amounts.document_id = functional_codes.document_id
            and amounts.subject = functional_codes.subject
            and amounts.class_name is not distinct from functional_codes.class_name
            and amounts.section_name is not distinct from functional_codes.section_name
            and amounts.item_name is not distinct from functional_codes.item_name
    inner join cells
        on
            amounts.edition_key = cells.edition_key
            and cells.row_key = 'code:' || functional_codes.functional_code
    where
        amounts.claim_kind = 'amount'
        and amounts.current_phase = 'current'
        and cells.form_code in (
            'general_budget_expenditure', 'appropriation_expenditure', 'expenditure', 'government_funds', 'state_capital',
            'income_expenditure_summary', 'appropriation_summary'
        )
        and cells.column_code in ('total', 'general_public_budget', 'government_funds', 'basic', 'project')

)

select * from by_measure
union all
select * from by_line
union all
select * from by_function
