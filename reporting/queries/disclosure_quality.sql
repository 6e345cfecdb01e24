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
    -- From the counts: the coverage of the mart has been rounded already. Checks across documents are left out, as there.
    cast(
        100.0 * (quality.within_form_evaluated + quality.across_forms_evaluated)
        / nullif(quality.within_form_applicable + quality.across_forms_applicable, 0) as decimal(18, 10)
    ) as identity_coverage_percent,
    quality.claims_stated,
    quality.claims_evaluated,
    quality.claims_inconsistent,
    cast(100.0 * quality.claims_evaluated / nullif(quality.claims_stated, 0) as decimal(18, 10)) as claim_coverage_percent,
    quality.findings,
    quality.material_findings
from marts.rpt_disclosure_quality as quality
where quality.department_key in $departments
order by quality.department_key, quality.fiscal_year, quality.disclosure_kind desc
