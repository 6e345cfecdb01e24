with notices as (

    select * from {{ ref('stg_notice') }}

),

documents as (

    select * from {{ ref('dim_document') }}

),

disclosures as (

    select * from {{ ref('dim_disclosure') }}

)

select
    notices.document_id,
    documents.disclosure_key,
    disclosures.department_name,
    disclosures.fiscal_year,
    documents.file_name,
    notices.kind,
    notices.form_code,
    notices.source_page,
    notices.message,
    notices.paste,
    documents.is_current
from notices
inner join documents on notices.document_id = documents.document_id
inner join disclosures on documents.disclosure_key = disclosures.disclosure_key
