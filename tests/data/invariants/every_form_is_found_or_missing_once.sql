-- No form is lost on the way to fct_disclosed_form: each has a row of its document, unless the document only lists it and another one
-- of its disclosure has it. And none is both: a form that a disclosure has is missing in none of its documents.
with forms as (

    select * from {{ ref('stg_form') }}

),

disclosed as (

    select * from {{ ref('fct_disclosed_form') }}

),

identities as (

    select * from {{ ref('int_document_identity') }}

),

found as (

    select distinct
        identities.disclosure_key,
        forms.form_code
    from forms
    inner join identities on forms.document_id = identities.document_id
    where forms.status <> 'missing'

),

expected as (

    select distinct
        forms.document_id,
        forms.form_code
    from forms
    inner join identities on forms.document_id = identities.document_id
    left join found
        on
            identities.disclosure_key = found.disclosure_key
            and forms.form_code = found.form_code
    where forms.status <> 'missing' or found.form_code is null

)

select
    coalesce(expected.document_id, disclosed.document_id) as document_id,
    coalesce(expected.form_code, disclosed.form_code) as form_code,
    disclosed.status
from expected
full outer join disclosed
    on
        expected.document_id = disclosed.document_id
        and expected.form_code = disclosed.form_code
where expected.document_id is null or disclosed.document_id is null
