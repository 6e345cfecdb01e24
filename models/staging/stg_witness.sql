with source as (

    select * from {{ source('staging', 'witness') }}

)

select
    document_id,
    attribute,
    value,
    source,
    agrees,
    source_page,
    text
from source
