-- How much of the basic expenditure goes to people (人员经费), how much to running the office (公用经费)?
-- One department: variable `department`.
-- Classes 301 and 303 are personnel, the others operating. A form that prints 其中：基本支出 beside its amounts covers all expenditure:
-- there only that column counts, and a blank in it is nothing. Every other such form is one of basic expenditure as a whole.
with classes as (

    select
        disclosure_key,
        expense_group,
        total_amount,
        basic_amount,
        max(case when basic_amount is not null then 1 else 0 end) over (partition by disclosure_key) as prints_basic
    from {{ ref('fct_expenditure_by_economic_class') }}
    where form_code = 'general_budget_economic' and level = 'class' and disclosure_kind = 'final_account'

),

basic_expenditure as (

    select
        disclosure_key,
        expense_group,
        case when prints_basic = 1 then basic_amount else total_amount end as amount
    from classes

),

by_group as (

    select
        disclosure_key,
        sum(case when expense_group = 'personnel' then amount end) as personnel_amount,
        sum(case when expense_group = 'operating' then amount end) as operating_amount
    from basic_expenditure
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
where
    by_group.personnel_amount + by_group.operating_amount > 0
    and '{{ var("department", "") }}' in ('', disclosures.department_key)
order by personnel_percent desc, disclosures.department_name asc, disclosures.fiscal_year asc
