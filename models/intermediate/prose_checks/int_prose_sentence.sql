with sentences as (

    select * from {{ ref('stg_sentence') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

)

select
    sentences.document_id,
    sentences.sentence_order,
    identities.edition_key,
    identities.fiscal_year,
    identities.disclosure_kind,
    sentences.section,
    sentences.text,
    {{ folded_text('sentences.text') }} as folded,
    sentences.source_page,
    -- A glossary explains words, and reports judge projects: neither says what this year's forms hold.
    {{ matches('sentences.section', '名词|解释') }} as is_glossary,
    {{ matches('sentences.section', '项目名称[：:]') }} as is_report
from sentences
inner join identities on sentences.document_id = identities.document_id
