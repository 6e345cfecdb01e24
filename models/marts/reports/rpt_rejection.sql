with rejections as (

    select * from {{ ref('stg_rejection') }}

)

select
    file_path,
    file_name,
    document_id,
    code,
    source_page,
    message,
    advice,
    paste,
    expectation,
    parser_version,
    rejected_at
from rejections
