-- Findings: one row a printed figure that is most likely wrong.
with findings as (
    select
        findings.finding_key,
        findings.document_id,
        findings.disclosure_key,
        findings.department_key,
        findings.department_name,
        findings.fiscal_year,
        findings.disclosure_kind,
        disclosures.reporting_scope,
        disclosures.is_simulated,
        findings.file_name,
        documents.media_type,
        findings.family,
        findings.check_name,
        findings.severity,
        findings.place_kind,
        findings.form_code,
        findings.row_code,
        findings.row_label,
        findings.column_code,
        findings.claim_number,
        findings.source_page,
        findings.source_table,
        findings.source_row,
        findings.source_column,
        findings.printed_text,
        findings.unit,
        findings.printed_value,
        findings.expected_value,
        findings.allowed_low,
        findings.allowed_high,
        findings.excess,
        findings.reason,
        findings.sentence,
        findings.also_breaks,
        findings.contradicts,
        findings.is_known,
        findings.whose_error,
        findings.is_recognised,
        findings.is_current
    from marts.rpt_finding as findings
    inner join marts.dim_disclosure as disclosures on findings.disclosure_key = disclosures.disclosure_key
    left join marts.dim_document as documents on findings.document_id = documents.document_id
)

select * from findings
where $scope
order by
    is_current desc, case severity when 'material' then 1 when 'last_digit' then 2 else 3 end, fiscal_year desc, department_name,
    disclosure_kind, file_name, source_page nulls first, source_table, source_row, finding_key
