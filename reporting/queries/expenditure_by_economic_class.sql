-- What did the basic expenditure of a department's general public budget buy, by economic class (经济分类 类)?
-- A form that prints 其中：基本支出 beside its amounts covers all expenditure: there that column counts, and a blank in it is nothing.
with classes as (
    select
        *,
        bool_or(basic_amount is not null) over (partition by disclosure_key) as prints_basic
    from marts.fct_expenditure_by_economic_class
    where
        department_key = $department
        and disclosure_kind = $disclosure_kind
        and disclosure_key in (select disclosure_key from marts.dim_disclosure where reporting_scope = $reporting_scope)
        and form_code = 'general_budget_economic'
        and level = 'class'
)

select
    fiscal_year,
    economic_code as code,
    canonical_name as label,
    expense_group,
    case when prints_basic then basic_amount else total_amount end as amount,
    printed_name,
    source_page
from classes
order by fiscal_year desc, amount desc nulls last, code
