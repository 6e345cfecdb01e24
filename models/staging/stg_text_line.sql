with source as (

    select * from {{ source('staging', 'text_line') }}

)

select
    document_id,
    source_page,
    source_line,
    text
from source
