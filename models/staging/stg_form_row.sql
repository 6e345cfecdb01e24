with source as (

    select * from {{ source('staging', 'form_row') }}

)

select
    document_id,
    form_order,
    row_order,
    form_code,
    side,
    row_code,
    row_label,
    source_page,
    source_table,
    source_row
from source
