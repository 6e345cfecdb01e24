-- A form is `present` exactly if it has amounts: recognised without figures, or figures without a form, is a fault of ours.
with forms as (

    select * from {{ ref('stg_form') }}

),

amounts as (

    select * from {{ ref('stg_amount') }}

),

amount_counts as (

    select
        document_id,
        form_order,
        count(*) as amount_count
    from amounts
    group by document_id, form_order

)

select
    coalesce(forms.document_id, amount_counts.document_id) as document_id,
    coalesce(forms.form_order, amount_counts.form_order) as form_order,
    forms.status,
    amount_counts.amount_count
from forms
full outer join amount_counts
    on
        forms.document_id = amount_counts.document_id
        and forms.form_order = amount_counts.form_order
where (coalesce(forms.status, 'none') = 'present') <> (coalesce(amount_counts.amount_count, 0) > 0)
