with lines as (

    select *
    from {{ ref('int_supplementary_line') }}
    where is_chosen

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

)

select
    lines.document_id,
    lines.disclosure_key,
    amounts.department_key,
    amounts.fiscal_year,
    amounts.disclosure_kind,
    lines.form_code,
    cast(lines.line_number as integer) as line_number,
    lines.row_label as printed_label,
    lines.line_code,
    amounts.column_code,
    amounts.amount,
    amounts.unit,
    {{ is_money('amounts.unit') }} as is_money,
    amounts.source_page
from lines
inner join amounts
    on
        lines.document_id = amounts.document_id
        and lines.form_order = amounts.form_order
        and lines.row_order = amounts.row_order
