-- Disclosures with the verdict on each: forms, checks evaluated of those that apply, findings.
with disclosures as (select * from marts.dim_disclosure),
quality as (select * from marts.rpt_disclosure_quality),

judged as (
    select
        disclosures.disclosure_key,
        disclosures.department_key,
        disclosures.department_name,
        disclosures.region,
        disclosures.fiscal_year,
        disclosures.disclosure_kind,
        disclosures.reporting_scope,
        disclosures.is_simulated,
        disclosures.document_count,
        disclosures.superseded_document_count,
        quality.forms_expected,
        quality.forms_present,
        quality.forms_no_data,
        quality.forms_missing,
        quality.missing_forms,
        quality.amount_count,
        quality.within_form_applicable + quality.across_forms_applicable + quality.across_documents_applicable as checks_applicable,
        quality.within_form_evaluated + quality.across_forms_evaluated + quality.across_documents_evaluated as checks_evaluated,
        quality.within_form_consistent + quality.across_forms_consistent + quality.across_documents_consistent as checks_consistent,
        quality.within_form_inconsistent + quality.across_forms_inconsistent + quality.across_documents_inconsistent
            as checks_inconsistent,
        quality.claims_stated,
        quality.claims_evaluated,
        quality.claims_consistent,
        quality.claims_inconsistent,
        quality.findings,
        quality.material_findings,
        quality.new_findings
    from disclosures
    inner join quality on disclosures.disclosure_key = quality.disclosure_key
)

select * from judged
where $scope
order by department_key, fiscal_year, disclosure_kind, reporting_scope
