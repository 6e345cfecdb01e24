-- How does the budget (预算) compare with the final account (决算) of the same year, class by class? (in 元)
-- Where the two differ most, in percent of the budget, stands first; classes below variable `least_amount` (1000000) are left out.
-- One department, by years: variable `department`. A blank stands where one of the two does not print the class.
-- Money added during the year is no mistake. A year of which only one of the two is loaded is left out.
select
    beside.department_key,
    beside.fiscal_year,
    beside.functional_code,
    beside.printed_name,
    beside.budget_amount,
    beside.final_amount,
    beside.final_amount - beside.budget_amount as difference,
    round(100 * beside.final_amount / nullif(beside.budget_amount, 0), 1) as percent_of_budget
from {{ budget_beside_outcome('class') }} as beside
where
    beside.reporting_scope = 'department'
    and greatest(coalesce(beside.budget_amount, 0), coalesce(beside.final_amount, 0)) >= {{ var("least_amount", 1000000) }}
    and '{{ var("department", "") }}' in ('', beside.department_key)
order by
    {% if var("department", "") %}beside.fiscal_year asc,{% endif %}
    abs(beside.final_amount - beside.budget_amount) / nullif(beside.budget_amount, 0) desc nulls last,
    beside.department_key asc,
    beside.fiscal_year asc,
    beside.functional_code asc
