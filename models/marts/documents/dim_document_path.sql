with paths as (

    select * from {{ ref('stg_document_path') }}

),

documents as (

    select * from {{ ref('stg_document') }}

)

select
    paths.document_id,
    paths.file_path,
    paths.file_name,
    paths.file_path = documents.file_path as is_read_from,
    paths.gone_at is not null as is_gone,
    paths.named_date,
    paths.correction,
    paths.first_seen_at,
    paths.last_seen_at,
    paths.gone_at
from paths
inner join documents on paths.document_id = documents.document_id
