with claims as (

    select * from {{ ref('stg_claim') }}

),

sentences as (

    select * from {{ ref('int_prose_sentence') }}

),

cells as (

    select * from {{ ref('int_stated_cell') }}

),

-- 部门整体支出…全年预算数…，执行数…: what was spent in all, or of the appropriation.
executed as (

    select
        claims.document_id,
        claims.claim_order,
        sentences.edition_key,
        claims.value,
        claims.value_half_unit
    from claims
    inner join sentences
        on
            claims.document_id = sentences.document_id
            and claims.sentence_order = sentences.sentence_order
    where
        claims.claim_kind = 'amount'
        and claims.phase = 'final'
        and claims.value > claims.value_half_unit
        and {{ is_money('claims.unit') }}
        and sentences.disclosure_kind = 'final_account'
        and not sentences.is_report
        and {{ matches('sentences.section', '整体支出') }}
        and (
            instr(sentences.folded, '执行数' || claims.value_text) > 0
            or instr(sentences.folded, '执行数为' || claims.value_text) > 0
        )

),

totals as (

    select
        edition_key,
        form_code,
        source_page,
        amount,
        half_unit,
        case when row_key = 'line:grand_total' then 'all means' else 'expenditure' end as total_of
    from cells
    where
        (
            form_code in ('expenditure', 'general_budget_expenditure', 'appropriation_expenditure')
            and row_key = 'total'
            and column_code = 'total'
        )
        or (
            form_code in ('income_expenditure_summary', 'appropriation_summary')
            and side in ('expenditure', 'purpose')
            and row_key in ('line:year_total', 'line:grand_total')
            and column_code = 'total'
        )

),

compared as (

    select
        executed.document_id,
        executed.claim_order,
        executed.value,
        executed.value_half_unit,
        totals.form_code,
        totals.source_page,
        totals.amount,
        totals.total_of,
        executed.value - totals.amount as difference,
        executed.value_half_unit + totals.half_unit as tolerance
    from executed
    inner join totals on executed.edition_key = totals.edition_key

),

-- A figure that is no total of the forms may be one of a budget that they do not show: it is not judged.
fitting as (

    select
        *,
        row_number() over (
            partition by document_id, claim_order
            order by case total_of when 'expenditure' then 0 else 1 end, form_code, source_page
        ) as choice
    from compared
    where abs(difference) <= tolerance

),

spent as (

    select
        document_id,
        claim_order,
        max(amount) as amount
    from compared
    where total_of = 'expenditure'
    group by document_id, claim_order

)

select
    fitting.document_id,
    fitting.claim_order,
    'executed_amount' as check_name,
    cast(fitting.value as decimal(24, 6)) as reported,
    cast(spent.amount as decimal(24, 6)) as expected,
    cast(fitting.value - spent.amount as decimal(24, 6)) as difference,
    cast(fitting.tolerance as decimal(24, 6)) as tolerance,
    case when fitting.total_of = 'expenditure' then 'consistent' else 'inconsistent' end as status,
    case when fitting.total_of <> 'expenditure' then 'material' end as severity,
    case
        when fitting.total_of = 'expenditure'
            then
                fitting.form_code || ' (page ' || {{ as_text('fitting.source_page') }} || ') prints ' || {{ yuan_text('fitting.amount') }}
                || ' as expenditure'
        else
            'the text gives ' || {{ yuan_text('fitting.value') }} || ' as spent: that is the grand total of '
            || fitting.form_code || ' (page ' || {{ as_text('fitting.source_page') }} || '), with what is left over; spent were '
            || {{ yuan_text('spent.amount') }}
    end as reason,
    {{ as_text('null') }} as other_key
from fitting
inner join spent
    on
        fitting.document_id = spent.document_id
        and fitting.claim_order = spent.claim_order
where fitting.choice = 1
