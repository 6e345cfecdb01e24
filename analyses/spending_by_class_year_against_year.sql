-- How does what a department spends, or may spend, by functional class (功能分类 类) change from year to year? (in 元)
-- Another department: variable `department`; its budgets: variable `disclosure_kind`, `budget`.
-- Each year is taken from the widest form that prints classes that year; form_code tells which: all expenditure, else that paid from
-- appropriations, else that of the general public budget. Where it differs between two years, the change does not compare like with like.
with spending as (

    select
        department_key,
        disclosure_key,
        fiscal_year,
        functional_code,
        printed_name,
        form_code,
        total_amount,
        case form_code
            when 'expenditure' then 1
            when 'appropriation_expenditure' then 2
            else 3
        end as width
    from {{ ref('fct_expenditure_by_function') }}
    where
        level = 'class'
        and form_code in ('expenditure', 'appropriation_expenditure', 'general_budget_expenditure')
        and department_key = '{{ var("department", "云岭省澜溪市自然资源和规划局") }}'
        and disclosure_kind = '{{ var("disclosure_kind", "final_account") }}'

),

widest as (

    select
        *,
        min(width) over (partition by disclosure_key) as widest_width
    from spending

),

by_year as (

    select
        widest.fiscal_year,
        disclosures.department_name,
        widest.form_code,
        widest.functional_code,
        widest.printed_name,
        widest.total_amount
    from widest
    inner join {{ ref('dim_disclosure') }} as disclosures on widest.disclosure_key = disclosures.disclosure_key
    where widest.width = widest.widest_width and disclosures.reporting_scope = 'department'

),

-- A class that is new, or a year that is not loaded, has nothing to be compared with.
compared as (

    select
        this_year.*,
        year_before.total_amount as amount_of_year_before
    from by_year as this_year
    left join by_year as year_before
        on
            this_year.functional_code = year_before.functional_code
            and this_year.fiscal_year = year_before.fiscal_year + 1

)

select
    fiscal_year,
    department_name,
    form_code,
    functional_code,
    printed_name,
    total_amount,
    total_amount - amount_of_year_before as change,
    round(100 * (total_amount - amount_of_year_before) / nullif(amount_of_year_before, 0), 2) as change_percent,
    round(100 * total_amount / sum(total_amount) over (partition by fiscal_year), 2) as share_percent
from compared
order by functional_code, fiscal_year
