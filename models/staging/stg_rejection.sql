with source as (

    select * from {{ source('staging', 'rejection') }}

)

select
    file_path,
    file_name,
    document_id,
    code,
    message,
    advice,
    source_page,
    paste,
    expectation,
    failing_rows,
    parser_version,
    rejected_at
from source
