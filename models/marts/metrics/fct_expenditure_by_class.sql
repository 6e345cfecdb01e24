with figures as (

    select *
    from {{ ref('fct_year_over_year') }}
    where amount is not null

),

totals as (

    select
        disclosure_key,
        form_code,
        amount
    from figures
    where measure = 'current_expenditure'

),

classes as (

    select *
    from figures
    where measure_group = 'expenditure_by_function' and length(classification_code) = 3

)

select
    classes.disclosure_key,
    classes.department_key,
    classes.fiscal_year,
    classes.disclosure_kind,
    classes.reporting_scope,
    classes.classification_code as class_code,
    classes.row_label as printed_name,
    classes.amount,
    totals.amount as total_amount,
    classes.document_id,
    classes.form_code,
    classes.source_page
from classes
left join totals on classes.disclosure_key = totals.disclosure_key
