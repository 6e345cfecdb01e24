-- No form is silent: each present one has at least one row in rpt_form_reconciliation.
with forms as (

    select * from {{ ref('int_disclosure_form') }}

),

verdicts as (

    select distinct
        document_id,
        form_order
    from {{ ref('rpt_form_reconciliation') }}

)

select
    forms.document_id,
    forms.form_order,
    forms.form_code
from forms
left join verdicts
    on
        forms.document_id = verdicts.document_id
        and forms.form_order = verdicts.form_order
where forms.status = 'present' and verdicts.document_id is null
