{%- set families = ['within_form', 'across_forms', 'across_documents'] %}
with disclosures as (

    select * from {{ ref('dim_disclosure') }}

),

forms as (

    select * from {{ ref('int_disclosure_form') }}

),

amounts as (

    select *
    from {{ ref('int_reported_amount') }}
    where is_current

),

identity_checks as (

    select *
    from {{ ref('fct_identity_check') }}
    where is_current

),

claims as (

    select *
    from {{ ref('fct_narrative_claim') }}
    where is_current

),

changes as (

    select *
    from {{ ref('fct_stated_change') }}
    where is_current

),

prose_checks as (

    select *
    from {{ ref('fct_narrative_check') }}
    where is_current

),

findings as (

    select * from {{ ref('rpt_finding') }}

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

),

identity_counts as (

    select
        disclosure_key,
        {% for family in families %}
            sum(case when family = '{{ family }}' then 1 else 0 end) as {{ family }}_applicable,
            sum(case when family = '{{ family }}' and status <> 'not_evaluated' then 1 else 0 end) as {{ family }}_evaluated,
            sum(case when family = '{{ family }}' and status = 'consistent' then 1 else 0 end) as {{ family }}_consistent,
            sum(case when family = '{{ family }}' and status = 'inconsistent' then 1 else 0 end) as {{ family }}_inconsistent,
        {% endfor %}
        sum(case when family <> 'across_documents' then 1 else 0 end) as own_applicable,
        sum(case when family <> 'across_documents' and status <> 'not_evaluated' then 1 else 0 end) as own_evaluated
    from identity_checks
    group by disclosure_key

),

claim_counts as (

    select
        disclosure_key,
        count(*) as claims_stated,
        sum(case when status <> 'not_evaluated' then 1 else 0 end) as claims_evaluated,
        sum(case when status = 'consistent' then 1 else 0 end) as claims_consistent,
        sum(case when status = 'inconsistent' then 1 else 0 end) as claims_inconsistent
    from claims
    group by disclosure_key

),

prose_counts as (

    select
        disclosure_key,
        count(*) as prose_checks_applicable,
        sum(case when status <> 'not_evaluated' then 1 else 0 end) as prose_checks_evaluated,
        sum(case when status = 'consistent' then 1 else 0 end) as prose_checks_consistent,
        sum(case when status = 'inconsistent' then 1 else 0 end) as prose_checks_inconsistent
    from prose_checks
    group by disclosure_key

),

change_statuses as (

    select
        disclosure_key,
        case
            when 'inconsistent' in (sentence_status, table_status, prior_status) then 'inconsistent'
            when 'consistent' in (sentence_status, table_status, prior_status) then 'consistent'
            else 'not_evaluated'
        end as status,
        prior_status
    from changes

),

change_counts as (

    select
        disclosure_key,
        count(*) as changes_stated,
        sum(case when status <> 'not_evaluated' then 1 else 0 end) as changes_evaluated,
        sum(case when status = 'consistent' then 1 else 0 end) as changes_consistent,
        sum(case when status = 'inconsistent' then 1 else 0 end) as changes_inconsistent,
        sum(case when prior_status <> 'not_evaluated' then 1 else 0 end) as changes_confronted
    from change_statuses
    group by disclosure_key

),

finding_counts as (

    select
        disclosure_key,
        sum(case when is_current then 0 else 1 end) as superseded_findings,
        sum(case when is_current then 1 else 0 end) as findings,
        sum(case when is_current and severity = 'material' then 1 else 0 end) as material_findings,
        sum(case when is_current and not is_known then 1 else 0 end) as new_findings
    from findings
    group by disclosure_key

)

select
    disclosures.disclosure_key,
    disclosures.department_key,
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
    cast(coalesce(amount_counts.amount_count, 0) as integer) as amount_count,
    {% for family in families %}
        {% for count in ['applicable', 'evaluated', 'consistent', 'inconsistent'] %}
            cast(coalesce(identity_counts.{{ family }}_{{ count }}, 0) as integer) as {{ family }}_{{ count }},
        {% endfor %}
    {% endfor %}
    cast(coalesce(claim_counts.claims_stated, 0) as integer) as claims_stated,
    cast(coalesce(claim_counts.claims_evaluated, 0) as integer) as claims_evaluated,
    cast(coalesce(claim_counts.claims_consistent, 0) as integer) as claims_consistent,
    cast(coalesce(claim_counts.claims_inconsistent, 0) as integer) as claims_inconsistent,
    cast(coalesce(change_counts.changes_stated, 0) as integer) as changes_stated,
    cast(coalesce(change_counts.changes_evaluated, 0) as integer) as changes_evaluated,
    cast(coalesce(change_counts.changes_consistent, 0) as integer) as changes_consistent,
    cast(coalesce(change_counts.changes_inconsistent, 0) as integer) as changes_inconsistent,
    cast(coalesce(change_counts.changes_confronted, 0) as integer) as changes_confronted,
    cast(coalesce(prose_counts.prose_checks_applicable, 0) as integer) as prose_checks_applicable,
    cast(coalesce(prose_counts.prose_checks_evaluated, 0) as integer) as prose_checks_evaluated,
    cast(coalesce(prose_counts.prose_checks_consistent, 0) as integer) as prose_checks_consistent,
    cast(coalesce(prose_counts.prose_checks_inconsistent, 0) as integer) as prose_checks_inconsistent,
    cast(cast(identity_counts.own_evaluated as double) / nullif(identity_counts.own_applicable, 0) as decimal(9, 4)) as identity_coverage,
    cast(cast(claim_counts.claims_evaluated as double) / nullif(claim_counts.claims_stated, 0) as decimal(9, 4)) as claim_coverage,
    cast(coalesce(finding_counts.findings, 0) as integer) as findings,
    cast(coalesce(finding_counts.material_findings, 0) as integer) as material_findings,
    cast(coalesce(finding_counts.new_findings, 0) as integer) as new_findings,
    cast(coalesce(finding_counts.superseded_findings, 0) as integer) as superseded_findings
from disclosures
left join form_counts on disclosures.disclosure_key = form_counts.disclosure_key
left join amount_counts on disclosures.disclosure_key = amount_counts.disclosure_key
left join identity_counts on disclosures.disclosure_key = identity_counts.disclosure_key
left join claim_counts on disclosures.disclosure_key = claim_counts.disclosure_key
left join prose_counts on disclosures.disclosure_key = prose_counts.disclosure_key
left join change_counts on disclosures.disclosure_key = change_counts.disclosure_key
left join finding_counts on disclosures.disclosure_key = finding_counts.disclosure_key
