with sentences as (

    select * from {{ ref('stg_sentence') }}

),

identities as (

    select * from {{ ref('int_document_identity') }}

)

select
    sentences.document_id,
    identities.disclosure_key,
    sentences.sentence_order as sentence_number,
    sentences.section,
    sentences.text as sentence,
    sentences.source_page,
    sentences.last_page,
    sentences.source_line
from sentences
inner join identities on sentences.document_id = identities.document_id
