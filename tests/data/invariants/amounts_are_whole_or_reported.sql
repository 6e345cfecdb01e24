-- The amount is the printed figure in 元; where it had to be rounded to cents, rpt_unrepresentable_amount says so.
with amounts as (

    select * from {{ ref('fct_reported_amount') }}

),

rounded as (

    select * from {{ ref('rpt_unrepresentable_amount') }}

)

select
    amounts.document_id,
    amounts.form_code,
    amounts.amount_text,
    amounts.unit,
    amounts.amount
from amounts
left join rounded
    on
        amounts.document_id = rounded.document_id
        and amounts.form_code = rounded.form_code
        and amounts.column_code = rounded.column_code
        and amounts.amount_text = rounded.amount_text
where
    abs(amounts.amount - {{ to_yuan_exact('amounts.printed_value', 'amounts.unit') }}) > 0.005
    or (amounts.amount <> {{ to_yuan_exact('amounts.printed_value', 'amounts.unit') }} and rounded.document_id is null)
