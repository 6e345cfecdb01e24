with forms as (

    select * from {{ ref('stg_form') }}

),

listed as (

    select * from {{ ref('int_disclosure_form') }}

),

current_forms as (

    select
        document_id,
        form_code,
        max(case when is_current then 1 else 0 end) = 1 as is_current
    from listed
    group by document_id, form_code

),

-- What one document of a disclosure only lists and another has is not missing: it is a form of the other.
found as (

    select distinct
        disclosure_key,
        form_code
    from listed
    where status <> 'missing'

),

identities as (

    select * from {{ ref('int_document_identity') }}

),

amounts as (

    select * from {{ ref('stg_amount') }}

),

amount_counts as (

    select
        document_id,
        form_code,
        count(*) as amount_count
    from amounts
    group by document_id, form_code

),

-- A file may print a form more than once (for the department and for a unit): the first with figures names it.
ranked as (

    select
        *,
        count(*) over (partition by document_id, form_code) as printed_form_count,
        row_number() over (
            partition by document_id, form_code
            order by case status when 'present' then 1 when 'no_data' then 2 else 3 end, form_order
        ) as choice
    from forms

)

select
    ranked.document_id,
    identities.disclosure_key,
    identities.department_key,
    identities.fiscal_year,
    identities.disclosure_kind,
    ranked.form_code,
    ranked.form_order,
    ranked.title,
    ranked.number_printed,
    ranked.unit,
    ranked.first_page,
    ranked.last_page,
    ranked.status,
    ranked.note,
    cast(ranked.printed_form_count as integer) as printed_form_count,
    cast(coalesce(amount_counts.amount_count, 0) as integer) as amount_count,
    current_forms.is_current
from ranked
inner join identities on ranked.document_id = identities.document_id
inner join current_forms
    on
        ranked.document_id = current_forms.document_id
        and ranked.form_code = current_forms.form_code
left join amount_counts
    on
        ranked.document_id = amount_counts.document_id
        and ranked.form_code = amount_counts.form_code
left join found
    on
        identities.disclosure_key = found.disclosure_key
        and ranked.form_code = found.form_code
where
    ranked.choice = 1
    and (ranked.status <> 'missing' or found.form_code is null)
