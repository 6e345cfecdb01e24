with source as (

    select * from {{ source('staging', 'publication_mark') }}

)

select
    document_id,
    kind,
    value,
    source,
    source_page,
    text
from source
