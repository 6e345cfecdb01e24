with source as (

    select * from {{ source('staging', 'ingest_run') }}

)

select
    run_id,
    started_at,
    finished_at,
    parser_version,
    files_seen,
    files_loaded,
    files_unchanged,
    files_rejected
from source
