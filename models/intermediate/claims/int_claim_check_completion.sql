with claims as (

    select * from {{ ref('stg_claim') }}

),

sentences as (

    select * from {{ ref('stg_sentence') }}

),

completions as (

    select
        claims.*,
        sentences.section,
        {{ canonical_name('claims.subject') }} as canonical_subject
    from claims
    inner join sentences
        on
            claims.document_id = sentences.document_id
            and claims.sentence_order = sentences.sentence_order
    where claims.claim_kind = 'completion' and claims.value is not null

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

identities as (

    select * from {{ ref('int_document_edition') }}

),

-- 全年预算5万元，年中追加2万元: what is added between counts as budget, too.
added as (

    select
        completions.document_id,
        completions.claim_order,
        sum(changes.delta) as added,
        sum(changes.delta_half_unit) as added_half_unit
    from completions
    inner join claims as changes
        on
            completions.document_id = changes.document_id
            and completions.sentence_order = changes.sentence_order
            and changes.claim_kind = 'change'
            and changes.direction = 'increase'
            and changes.delta is not null
            and changes.value is null
            and completions.claim_order > changes.claim_order
            and {{ is_money('changes.delta_unit') }}
    group by completions.document_id, completions.claim_order

),

budgets as (

    select
        claims.document_id,
        claims.claim_order,
        claims.value,
        claims.value_half_unit,
        claims.phase,
        sentences.section,
        {{ canonical_name('claims.subject') }} as canonical_subject,
        claims.class_name,
        claims.section_name,
        claims.item_name
    from claims
    inner join sentences
        on
            claims.document_id = sentences.document_id
            and claims.sentence_order = sentences.sentence_order
    where claims.claim_kind = 'amount' and claims.phase in ('initial_budget', 'full_year_budget', 'budget')

),

-- The budget that the 三公 form prints of the subject, where the text states none.
printed_budgets as (

    select
        completions.document_id,
        completions.claim_order,
        cells.amount,
        cells.half_unit,
        cells.row_key,
        cells.cell_key
    from completions
    inner join identities on completions.document_id = identities.document_id
    inner join measures
        on
            {{ matches_column('completions.canonical_subject', 'measures.subject_pattern') }}
            and {{ matches_column('completions.section', "coalesce(measures.section_pattern, '')") }}
    inner join measure_cells
        on
            measures.measure_key = measure_cells.measure_key
            and completions.compared_with = measure_cells.phase
    inner join cells
        on
            identities.edition_key = cells.edition_key
            and measure_cells.form_code = cells.form_code
            and measure_cells.row_key = cells.row_key
            and measure_cells.column_code = cells.column_code
            and coalesce(measure_cells.side, '') = coalesce(cells.side, '')

),

-- The budget that the text states of the same subject in the same section; of several the last one before the completion.
offered as (

    select
        completions.document_id,
        completions.claim_order,
        budgets.value + coalesce(added.added, 0) as budget,
        budgets.value_half_unit + coalesce(added.added_half_unit, 0) as budget_half_unit,
        case when budgets.phase = completions.compared_with then 0 else 1 end as distance,
        budgets.claim_order as place,
        {{ claim_key('budgets', 'value') }} as budget_key
    from completions
    inner join budgets
        on
            completions.document_id = budgets.document_id
            and completions.section = budgets.section
            and completions.canonical_subject = budgets.canonical_subject
            and completions.class_name is not distinct from budgets.class_name
            and completions.section_name is not distinct from budgets.section_name
            and completions.item_name is not distinct from budgets.item_name
            and completions.claim_order > budgets.claim_order
            and (
                completions.compared_with = budgets.phase
                or completions.compared_with = 'budget'
                or budgets.phase = 'budget'
            )
    left join added
        on
            completions.document_id = added.document_id
            and completions.claim_order = added.claim_order

    union all

    select
        document_id,
        claim_order,
        amount as budget,
        half_unit as budget_half_unit,
        2 as distance,
        0 as place,
        cell_key as budget_key
    from printed_budgets

),

paired as (

    select
        completions.document_id,
        completions.claim_order,
        completions.value,
        completions.value_half_unit,
        completions.percent,
        completions.percent_half_unit,
        completions.direction,
        {{ matches('completions.quote', '基本(持平|一致|相同|相等)') }} as is_approximate,
        offered.budget,
        offered.budget_half_unit,
        offered.budget_key,
        row_number() over (
            partition by completions.document_id, completions.claim_order
            order by
                offered.distance asc, offered.place desc, offered.budget asc, offered.budget_half_unit asc, offered.budget_key asc
        ) as choice
    from completions
    inner join offered
        on
            completions.document_id = offered.document_id
            and completions.claim_order = offered.claim_order

),

judged as (

    select
        *,
        budget > budget_half_unit as has_budget,
        case when budget > budget_half_unit then 100 * cast(value as double) / cast(budget as double) end as expected_percent,
        {{ rate_gap('percent', 'budget', 'value') }} as gap,
        {{ rate_allowed('percent', 'percent_half_unit', 'budget', 'budget_half_unit', 'value_half_unit') }} as allowed,
        {{ rate_allowed('percent', 'percent_half_unit', 'budget', 'budget_half_unit', 'value_half_unit', halves=3) }} as allowed_with_digit,
        value - budget as excess,
        value_half_unit + budget_half_unit as excess_allowed
    from paired
    where choice = 1 and {{ is_computable(['value', 'budget', 'coalesce(percent, 0) * 10000000']) }}

),

rates as (

    select
        document_id,
        claim_order,
        'rate_of_completion' as check_name,
        cast(percent as decimal(24, 6)) as reported,
        {{ as_decimal('expected_percent', 24, 6) }} as expected,
        {{ as_decimal('percent - expected_percent', 24, 6) }} as difference,
        {{ as_decimal(
            'case when has_budget then cast(allowed as double) / cast(budget as double) else percent_half_unit end', 24, 6
        ) }} as tolerance,
        case
            when gap <= allowed and has_budget then 'consistent'
            when not has_budget then 'not_evaluated'
            else 'inconsistent'
        end as status,
        case
            when not has_budget or gap <= allowed then {{ as_text('null') }}
            when gap <= allowed_with_digit then 'last_digit'
            else 'material'
        end as severity,
        case
            when not has_budget then 'the budget is zero: there is no rate of completion to compare'
            else
                {{ yuan_text('value') }} || ' of a budget of ' || {{ yuan_text('budget') }} || ' is '
                || {{ percent_text('expected_percent') }} || ', the text says ' || {{ percent_text('percent') }}
        end as reason,
        budget_key as other_key
    from judged
    where percent is not null

),

directions as (

    select
        document_id,
        claim_order,
        'direction_against_budget' as check_name,
        cast(value as decimal(24, 6)) as reported,
        cast(budget as decimal(24, 6)) as expected,
        cast(excess as decimal(24, 6)) as difference,
        cast(excess_allowed as decimal(24, 6)) as tolerance,
        case
            when direction = 'above' and excess >= -excess_allowed then 'consistent'
            when direction = 'below' and excess <= excess_allowed then 'consistent'
            when direction = 'equal' and abs(excess) <= excess_allowed then 'consistent'
            when direction = 'equal' and is_approximate then 'not_evaluated'
            else 'inconsistent'
        end as status,
        case
            when direction = 'above' and excess >= -excess_allowed then {{ as_text('null') }}
            when direction = 'below' and excess <= excess_allowed then {{ as_text('null') }}
            when direction = 'equal' and (abs(excess) <= excess_allowed or is_approximate) then {{ as_text('null') }}
            else 'material'
        end as severity,
        {{ yuan_text('value') }} || ' against a budget of ' || {{ yuan_text('budget') }} || ': the text says that it is '
        || direction || case when is_approximate then ' (基本, nearly)' else '' end as reason,
        budget_key as other_key
    from judged
    where direction in ('above', 'below', 'equal')

)

select * from rates
union all
select * from directions
