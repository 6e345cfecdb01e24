with amounts as (

    select *
    from {{ ref('int_reported_amount') }}
    where
        is_chosen
        and form_code = 'three_public_expenses'
        and row_label in ('initial_budget', 'budget', 'final')

),

-- A phase that a form prints twice (for a unit of the department as well) is the first one here.
ranked as (

    select
        *,
        row_number() over (
            partition by disclosure_key, row_label, column_code
            order by row_order
        ) as choice
    from amounts

)

select
    document_id,
    disclosure_key,
    department_key,
    fiscal_year,
    disclosure_kind,
    row_label as phase,
    column_code as measure,
    amount,
    unit,
    {{ is_money('unit') }} as is_money,
    source_page
from ranked
where choice = 1
