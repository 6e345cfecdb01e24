with source as (

    select * from {{ source('staging', 'document_path') }}

)

select
    document_id,
    file_path,
    file_name,
    named_date,
    correction,
    first_seen_at,
    last_seen_at,
    gone_at
from source
