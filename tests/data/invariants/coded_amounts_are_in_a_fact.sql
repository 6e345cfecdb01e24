-- Each coded amount of a chosen form is one cell of a fact by code, unless its column has no place there or its code stands twice.
with amounts as (

    select * from {{ ref('int_amount_by_code') }}

),

facts as (

    select
        disclosure_key,
        form_code,
        functional_code as row_code,
        total_amount,
        basic_amount,
        project_amount
    from {{ ref('fct_expenditure_by_function') }}
    union all
    select
        disclosure_key,
        form_code,
        functional_code as row_code,
        total_amount,
        null as basic_amount,
        null as project_amount
    from {{ ref('fct_income_by_function') }}
    union all
    select
        disclosure_key,
        form_code,
        economic_code as row_code,
        total_amount,
        basic_amount,
        project_amount
    from {{ ref('fct_expenditure_by_economic_class') }}

)

select
    amounts.disclosure_key,
    amounts.form_code,
    amounts.row_code,
    amounts.column_code,
    amounts.amount
from amounts
left join facts
    on
        amounts.disclosure_key = facts.disclosure_key
        and amounts.form_code = facts.form_code
        and amounts.row_code = facts.row_code
where
    amounts.column_code in ('total', 'basic', 'project')
    and case amounts.column_code
        when 'total' then facts.total_amount
        when 'basic' then facts.basic_amount
        else facts.project_amount
    end is distinct from amounts.amount
