with documents as (

    select * from {{ ref('stg_document') }}

),

editions as (

    select * from {{ ref('int_document_edition') }}

),

publications as (

    select * from {{ ref('int_document_publication') }}

)

select
    documents.document_id,
    documents.file_name,
    documents.file_path,
    documents.media_type,
    documents.byte_size,
    documents.page_count,
    editions.disclosure_key,
    documents.parser_version,
    documents.loaded_at,
    documents.text_source,
    editions.role,
    editions.is_current,
    publications.printed_date,
    publications.named_date,
    publications.correction,
    publications.first_seen_at,
    publications.last_seen_at,
    publications.path_count
from documents
inner join editions on documents.document_id = editions.document_id
inner join publications on documents.document_id = publications.document_id
