with documents as (

    select * from {{ ref('stg_document') }}

),

identities as (

    select * from {{ ref('int_document_identity') }}

)

select
    documents.document_id,
    documents.file_name,
    documents.file_path,
    documents.media_type,
    documents.byte_size,
    documents.page_count,
    identities.disclosure_key,
    documents.parser_version,
    documents.loaded_at,
    documents.text_source
from documents
inner join identities on documents.document_id = identities.document_id
