with choices as (

    select * from {{ ref('int_document_choice') }}

),

editions as (

    select * from {{ ref('int_document_edition') }}

),

publications as (

    select * from {{ ref('int_document_publication') }}

),

documents as (

    select * from {{ ref('stg_document') }}

)

select
    choices.disclosure_key,
    choices.document_id,
    choices.part,
    documents.file_name,
    editions.role,
    choices.is_current,
    choices.superseded_by_document_id,
    choices.chosen_because,
    choices.reason,
    choices.document_count,
    choices.precedence,
    publications.printed_date,
    publications.named_date,
    publications.correction,
    publications.first_seen_at,
    publications.text_source
from choices
inner join editions on choices.document_id = editions.document_id
inner join publications on choices.document_id = publications.document_id
inner join documents on choices.document_id = documents.document_id
