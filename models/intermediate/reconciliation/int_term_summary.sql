with lines as (

    select * from {{ ref('int_summary_line') }}

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

),

year_totals as (

    select
        document_id,
        form_order,
        side,
        min(row_order) as row_order
    from lines
    where role = 'year_total'
    group by document_id, form_order, side

),

grand_totals as (

    select
        document_id,
        form_order,
        side,
        max(row_order) as row_order
    from lines
    where role = 'grand_total'
    group by document_id, form_order, side

),

balances as (

    select
        lines.document_id,
        lines.form_order,
        lines.side,
        min(lines.row_order) as row_order
    from lines
    inner join lines as parts
        on
            lines.document_id = parts.document_id
            and lines.form_order = parts.form_order
            and lines.side = parts.side
            and parts.role = 'part_of_balance'
    where lines.line_code in ('opening_balance', 'closing_balance')
    group by lines.document_id, lines.form_order, lines.side

),

-- 本年收入合计 = Σ of its lines.
year_total_terms as (

    select
        lines.document_id,
        lines.form_order,
        'year_total' as check_name,
        year_totals.row_order as total_row_order,
        lines.row_order,
        case
            when lines.row_order = year_totals.row_order then 'total'
            when lines.role = 'part' then 'part'
            else 'unknown'
        end as role
    from lines
    inner join year_totals
        on
            lines.document_id = year_totals.document_id
            and lines.form_order = year_totals.form_order
            and lines.side = year_totals.side
    where
        lines.row_order = year_totals.row_order
        or lines.role = 'part'
        or (lines.role = 'unknown' and lines.row_order < year_totals.row_order)

),

-- 总计 = 本年合计 (its lines, where no such row is printed) and the balances between.
grand_total_terms as (

    select
        lines.document_id,
        lines.form_order,
        'grand_total' as check_name,
        grand_totals.row_order as total_row_order,
        lines.row_order,
        case
            when lines.row_order = grand_totals.row_order then 'total'
            when lines.role = 'unknown' then 'unknown'
            else 'part'
        end as role
    from lines
    inner join grand_totals
        on
            lines.document_id = grand_totals.document_id
            and lines.form_order = grand_totals.form_order
            and lines.side = grand_totals.side
    left join year_totals
        on
            lines.document_id = year_totals.document_id
            and lines.form_order = year_totals.form_order
            and lines.side = year_totals.side
    where
        lines.row_order = grand_totals.row_order
        or lines.row_order = year_totals.row_order
        or lines.role = 'balance'
        or (lines.role = 'part' and year_totals.row_order is null)
        or (lines.role = 'unknown' and lines.row_order > coalesce(year_totals.row_order, 0))

),

-- 年初财政拨款结转和结余 = Σ of the funds listed under it.
balance_terms as (

    select
        lines.document_id,
        lines.form_order,
        'parts_of_balance' as check_name,
        balances.row_order as total_row_order,
        lines.row_order,
        case when lines.row_order = balances.row_order then 'total' else 'part' end as role
    from lines
    inner join balances
        on
            lines.document_id = balances.document_id
            and lines.form_order = balances.form_order
            and lines.side = balances.side
    where lines.row_order = balances.row_order or lines.role = 'part_of_balance'

),

-- Income 总计 = expenditure 总计, in the column that both sides print.
both_side_terms as (

    select
        lines.document_id,
        lines.form_order,
        'both_sides' as check_name,
        incomes.row_order as total_row_order,
        lines.row_order,
        case when lines.side = 'income' then 'total' else 'part' end as role
    from lines
    inner join grand_totals as incomes
        on
            lines.document_id = incomes.document_id
            and lines.form_order = incomes.form_order
            and incomes.side = 'income'
    inner join grand_totals
        on
            lines.document_id = grand_totals.document_id
            and lines.form_order = grand_totals.form_order
            and lines.side = grand_totals.side
            and lines.row_order = grand_totals.row_order
    left join grand_totals as expenditures
        on
            lines.document_id = expenditures.document_id
            and lines.form_order = expenditures.form_order
            and expenditures.side = 'expenditure'
    where lines.side <> 'purpose' or expenditures.row_order is null

),

-- Where only the purposes have a total (budgets of Jiangsu), the functions add up to it as well.
function_terms as (

    select
        lines.document_id,
        lines.form_order,
        'functions' as check_name,
        purposes.row_order as total_row_order,
        lines.row_order,
        case when lines.side = 'purpose' then 'total' when lines.role = 'part' then 'part' else 'unknown' end as role
    from lines
    inner join year_totals as purposes
        on
            lines.document_id = purposes.document_id
            and lines.form_order = purposes.form_order
            and purposes.side = 'purpose'
    left join year_totals as functions
        on
            lines.document_id = functions.document_id
            and lines.form_order = functions.form_order
            and functions.side = 'expenditure'
    where
        functions.row_order is null
        and (
            (lines.side = 'expenditure' and lines.role in ('part', 'unknown'))
            or (lines.side = 'purpose' and lines.row_order = purposes.row_order)
        )

),

terms as (

    select * from year_total_terms
    union all
    select * from grand_total_terms
    union all
    select * from balance_terms
    union all
    select * from both_side_terms
    union all
    select * from function_terms

)

select
    terms.document_id,
    terms.form_order,
    terms.check_name,
    1 as variant,
    terms.total_row_order,
    amounts.column_code as total_column_code,
    terms.role,
    1 as sign,
    amounts.row_order,
    amounts.column_code,
    amounts.amount,
    amounts.half_unit
from terms
inner join amounts
    on
        terms.document_id = amounts.document_id
        and terms.form_order = amounts.form_order
        and terms.row_order = amounts.row_order
where terms.check_name <> 'both_sides' or amounts.column_code = 'total'
