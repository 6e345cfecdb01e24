-- What the warehouse covers. One row.
with disclosures as (select * from marts.dim_disclosure),
forms as (select * from marts.fct_disclosed_form where is_current),
amounts as (select * from marts.fct_reported_amount where is_current)

select
    (select count(*) from marts.dim_department) as departments,
    (select count(*) from marts.dim_department where is_simulated) as simulated_departments,
    (select count(*) from disclosures) as disclosures,
    (select min(fiscal_year) from disclosures) as first_year,
    (select max(fiscal_year) from disclosures) as last_year,
    (select count(*) from marts.dim_document) as documents,
    (select count(*) from forms where status = 'present') as forms_present,
    (select count(*) from forms where status = 'no_data') as forms_no_data,
    (select count(*) from forms where status = 'missing') as forms_missing,
    (select count(*) from amounts) as amounts,
    (select count(*) from marts.rpt_finding where is_current) as findings,
    (select count(*) from marts.rpt_finding where is_current and severity = 'material') as material_findings
