-- Whoever was looked up and listed is still found: the same bytes read by the same rules say the same. If not, it is our reading that
-- changed, or the list that is wrong. Entries of files that are not loaded wait for them.
with known as (

    select * from {{ ref('known_discrepancy') }}

),

documents as (

    select * from {{ ref('dim_document') }}

),

findings as (

    select * from {{ ref('rpt_finding') }}

)

select
    known.file_name,
    known.check_name,
    known.source_page,
    known.printed,
    known.expected
from known
inner join documents on known.document_id = documents.document_id
left join findings on {{ is_listed('findings', 'known') }}
where findings.finding_key is null
