-- Every loaded file is in dim_document, and its disclosure in dim_disclosure.
select
    staged.document_id,
    staged.file_name
from {{ source('staging', 'document') }} as staged
left join {{ ref('dim_document') }} as documents on staged.document_id = documents.document_id
left join {{ ref('dim_disclosure') }} as disclosures on documents.disclosure_key = disclosures.disclosure_key
where disclosures.disclosure_key is null
