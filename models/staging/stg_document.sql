with source as (

    select * from {{ source('staging', 'document') }}

)

select
    document_id,
    file_name,
    file_path,
    media_type,
    byte_size,
    page_count,
    parser_version,
    loaded_at,
    department_name,
    fiscal_year,
    disclosure_kind,
    reporting_scope,
    region,
    is_simulated,
    text_source
from source
