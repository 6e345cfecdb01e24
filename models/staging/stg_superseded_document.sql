with source as (

    select * from {{ source('staging', 'superseded_document') }}

)

select
    document_id,
    file_name,
    file_path,
    department_name,
    fiscal_year,
    disclosure_kind,
    reporting_scope,
    is_simulated,
    superseded_by as superseded_by_document_id,
    stood_from,
    stood_until
from source
