with source as (

    select * from {{ source('staging', 'amount') }}

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
    column_header,
    amount_text,
    printed_value,
    {{ to_yuan('printed_value', 'unit') }} as amount,
    {{ half_unit('decimals', 'unit') }} as half_unit,
    unit,
    decimals,
    source_page,
    source_table,
    source_row,
    source_column,
    cast(confidence as decimal(5, 4)) as confidence
from source
