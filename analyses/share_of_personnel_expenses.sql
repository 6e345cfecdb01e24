-- How much of the basic expenditure goes to people (人员经费), how much to running the office (公用经费)?
-- Classes 301 and 303 are personnel, the others operating; only forms of basic expenditure are compared.
with by_group as (

    select
        disclosure_key,
        sum(case when expense_group = 'personnel' then coalesce(basic_amount, total_amount) end) as personnel_amount,
        sum(case when expense_group = 'operating' then coalesce(basic_amount, total_amount) end) as operating_amount
    from {{ ref('fct_expenditure_by_economic_class') }}
    where form_code = 'general_budget_economic' and level = 'class' and disclosure_kind = 'final_account'
    group by disclosure_key

)

select
    disclosures.department_name,
    disclosures.fiscal_year,
    by_group.personnel_amount,
    by_group.operating_amount,
    round(100 * by_group.personnel_amount / (by_group.personnel_amount + by_group.operating_amount), 1) as personnel_percent
from by_group
inner join {{ ref('dim_disclosure') }} as disclosures on by_group.disclosure_key = disclosures.disclosure_key
where by_group.personnel_amount + by_group.operating_amount > 0
order by personnel_percent desc, disclosures.department_name asc, disclosures.fiscal_year asc
limit 10
