with source as (

    select * from {{ source('staging', 'superseded_amount') }}

)

select
    document_id,
    form_order,
    row_order,
    form_code,
    side,
    row_code,
    row_label,
    column_code,
    amount_text,
    printed_value,
    {{ to_yuan('printed_value', 'unit') }} as amount,
    unit,
    decimals,
    source_page,
    source_table,
    source_row,
    source_column
from source
