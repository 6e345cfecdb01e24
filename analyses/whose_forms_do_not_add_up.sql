-- Whose forms do not add up, which figure is most likely wrong, and by how much more than rounding explains?
select
    findings.file_name,
    findings.source_page,
    findings.form_code,
    findings.row_label,
    findings.column_code,
    findings.printed_text,
    findings.expected_value,
    findings.excess,
    findings.reason,
    findings.also_breaks
from {{ ref('rpt_finding') }} as findings
where findings.family in ('within_form', 'across_forms', 'across_documents')
order by findings.file_name, findings.source_page, findings.form_code, findings.row_label, findings.column_code
