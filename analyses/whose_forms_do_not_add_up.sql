-- Whose forms do not add up, where, and by how much more than rounding explains?
select
    documents.file_name,
    checks.source_page,
    checks.form_code,
    checks.check_name,
    checks.reason
from {{ ref('rpt_form_reconciliation') }} as checks
inner join {{ ref('dim_document') }} as documents on checks.document_id = documents.document_id
where checks.status = 'inconsistent'
order by documents.file_name, checks.source_page, checks.check_name, checks.reason
