with source as (

    select * from {{ source('staging', 'notice') }}

)

select
    document_id,
    kind,
    message,
    form_code,
    source_page,
    source_row,
    paste
from source
