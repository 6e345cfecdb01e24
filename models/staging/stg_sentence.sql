with source as (

    select * from {{ source('staging', 'sentence') }}

)

select
    document_id,
    sentence_order,
    section,
    text,
    source_page,
    last_page,
    source_line
from source
