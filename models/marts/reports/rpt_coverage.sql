with disclosures as (

    select * from {{ ref('dim_disclosure') }}

),

forms as (

    select * from {{ ref('int_disclosure_form') }}

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

),

form_counts as (

    select
        disclosure_key,
        count(*) as forms_expected,
        sum(case when status = 'present' then 1 else 0 end) as forms_present,
        sum(case when status = 'no_data' then 1 else 0 end) as forms_no_data,
        sum(case when status = 'missing' then 1 else 0 end) as forms_missing,
        {{ join_values("case when status = 'missing' then form_code end") }} as missing_forms
    from forms
    where is_chosen
    group by disclosure_key

),

amount_counts as (

    select
        disclosure_key,
        count(*) as amount_count
    from amounts
    group by disclosure_key

)

select
    disclosures.disclosure_key,
    disclosures.department_name,
    disclosures.fiscal_year,
    disclosures.disclosure_kind,
    disclosures.reporting_scope,
    disclosures.document_count,
    cast(coalesce(form_counts.forms_expected, 0) as integer) as forms_expected,
    cast(coalesce(form_counts.forms_present, 0) as integer) as forms_present,
    cast(coalesce(form_counts.forms_no_data, 0) as integer) as forms_no_data,
    cast(coalesce(form_counts.forms_missing, 0) as integer) as forms_missing,
    form_counts.missing_forms,
    cast(coalesce(amount_counts.amount_count, 0) as integer) as amount_count
from disclosures
left join form_counts on disclosures.disclosure_key = form_counts.disclosure_key
left join amount_counts on disclosures.disclosure_key = amount_counts.disclosure_key
