-- How whole are the disclosures of some departments, and how much of them was checked?
select
    quality.department_key,
    quality.fiscal_year,
    quality.disclosure_kind,
    quality.reporting_scope,
    quality.forms_expected,
    quality.forms_present,
    quality.forms_no_data,
    quality.forms_missing,
    quality.missing_forms,
    quality.within_form_applicable + quality.across_forms_applicable + quality.across_documents_applicable as checks_applicable,
    quality.within_form_evaluated + quality.across_forms_evaluated + quality.across_documents_evaluated as checks_evaluated,
    quality.within_form_inconsistent + quality.across_forms_inconsistent + quality.across_documents_inconsistent
        as checks_inconsistent,
    100 * quality.identity_coverage as identity_coverage_percent,
    quality.claims_stated,
    quality.claims_evaluated,
    quality.claims_inconsistent,
    100 * quality.claim_coverage as claim_coverage_percent,
    quality.findings,
    quality.material_findings
from marts.rpt_disclosure_quality as quality
where quality.department_key in $departments
order by quality.department_key, quality.fiscal_year, quality.disclosure_kind desc
