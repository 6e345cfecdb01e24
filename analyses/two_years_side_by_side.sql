-- What changed between two years of a department: its totals, its classes and items, its three public expenses (三公经费)? (in 元)
-- Others: variables `department`, `disclosure_kind` (`budget`), `earlier_year`, `later_year`.
-- year_total is income and expenditure of the year itself, total what both come to with balances carried over.
-- An amount that only one of the two years prints stands alone; a code that changed its name keeps its row.
with disclosures as (

    select
        disclosure_key,
        fiscal_year
    from {{ ref('dim_disclosure') }}
    where
        department_key = '{{ var("department", "云岭省澜溪市自然资源和规划局") }}'
        and disclosure_kind = '{{ var("disclosure_kind", "final_account") }}'
        and reporting_scope = 'department'
        and fiscal_year in ({{ var("earlier_year", 2019) }}, {{ var("later_year", 2020) }})

),

totals as (

    select
        disclosure_key,
        case role when 'grand_total' then 'total' else 'year_total' end as part,
        side as code,
        printed_label as name,
        total_amount as amount
    from {{ ref('fct_income_expenditure_summary') }}
    where form_code = 'income_expenditure_summary' and role in ('year_total', 'grand_total')

),

-- All expenditure, else that paid from appropriations, else that of the general public budget: the widest form that prints codes.
function_forms as (

    select
        *,
        case form_code
            when 'expenditure' then 1
            when 'appropriation_expenditure' then 2
            else 3
        end as width
    from {{ ref('fct_expenditure_by_function') }}
    where form_code in ('expenditure', 'appropriation_expenditure', 'general_budget_expenditure')

),

widest as (

    select
        *,
        min(width) over (partition by disclosure_key) as widest_width
    from function_forms

),

functions as (

    select
        disclosure_key,
        level as part,
        functional_code as code,
        printed_name as name,
        total_amount as amount
    from widest
    where width = widest_width and level in ('class', 'item')

),

-- A budget prints one phase; of a final account it is the outcome.
three_public as (

    select
        disclosure_key,
        'three_public' as part,
        measure as code,
        measure as name,
        amount
    from {{ ref('fct_three_public_expenses') }}
    where phase = '{{ "budget" if var("disclosure_kind", "final_account") == "budget" else "final" }}'

),

amounts as (

    select * from totals
    union all
    select * from functions
    union all
    select * from three_public

),

side_by_side as (

    select
        amounts.part,
        amounts.code,
        max(case when disclosures.fiscal_year = {{ var("earlier_year", 2019) }} then amounts.name end) as earlier_name,
        max(case when disclosures.fiscal_year = {{ var("later_year", 2020) }} then amounts.name end) as later_name,
        max(case when disclosures.fiscal_year = {{ var("earlier_year", 2019) }} then amounts.amount end) as earlier_amount,
        max(case when disclosures.fiscal_year = {{ var("later_year", 2020) }} then amounts.amount end) as later_amount
    from amounts
    inner join disclosures on amounts.disclosure_key = disclosures.disclosure_key
    group by amounts.part, amounts.code

)

select
    '{{ var("department", "云岭省澜溪市自然资源和规划局") }}' as department_key,
    part,
    code,
    coalesce(later_name, earlier_name) as name,
    earlier_amount,
    later_amount,
    later_amount - earlier_amount as change,
    round(100 * (later_amount - earlier_amount) / nullif(earlier_amount, 0), 2) as change_percent
from side_by_side
order by
    case part when 'year_total' then 1 when 'total' then 2 when 'class' then 3 when 'item' then 4 else 5 end,
    code
