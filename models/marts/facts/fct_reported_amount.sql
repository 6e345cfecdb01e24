with amounts as (

    select * from {{ ref('int_reported_amount') }}

)

select
    document_id,
    disclosure_key,
    department_key,
    fiscal_year,
    disclosure_kind,
    form_code,
    form_order,
    row_order,
    side,
    row_code,
    row_label,
    column_code,
    column_header,
    amount,
    amount_text,
    printed_value,
    unit,
    decimals,
    source_page,
    source_table,
    source_row,
    source_column,
    confidence,
    is_current
from amounts
