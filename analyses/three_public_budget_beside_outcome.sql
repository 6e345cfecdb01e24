-- Budget beside outcome: where did 三公 expenses stay farthest below what was budgeted, and where above it?
-- One department: variable `department`.
with totals as (

    select
        disclosure_key,
        max(case when phase = 'initial_budget' then amount end) as initial_budget_amount,
        max(case when phase = 'budget' then amount end) as budget_amount,
        max(case when phase = 'final' then amount end) as final_amount
    from {{ ref('fct_three_public_expenses') }}
    where measure = 'total' and disclosure_kind = 'final_account'
    group by disclosure_key

)

select
    disclosures.department_name,
    disclosures.fiscal_year,
    totals.initial_budget_amount,
    totals.budget_amount,
    totals.final_amount,
    totals.final_amount - totals.budget_amount as over_budget,
    round(100 * totals.final_amount / nullif(totals.budget_amount, 0), 1) as percent_of_budget
from totals
inner join {{ ref('dim_disclosure') }} as disclosures on totals.disclosure_key = disclosures.disclosure_key
where
    totals.final_amount is not null
    and totals.budget_amount is not null
    and '{{ var("department", "") }}' in ('', disclosures.department_key)
order by over_budget asc, disclosures.department_name asc, disclosures.fiscal_year asc
