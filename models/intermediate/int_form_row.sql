with form_rows as (

    select * from {{ ref('stg_form_row') }}

),

forms as (

    select * from {{ ref('int_disclosure_form') }}

),

kinds as (

    select * from {{ ref('form_kind') }}

)

select
    form_rows.document_id,
    form_rows.form_order,
    form_rows.row_order,
    form_rows.form_code,
    forms.disclosure_key,
    forms.department_key,
    forms.fiscal_year,
    forms.disclosure_kind,
    forms.edition_key,
    forms.is_current,
    forms.is_chosen,
    forms.is_judged,
    kinds.classification,
    kinds.structure,
    form_rows.side,
    form_rows.row_code,
    form_rows.row_label,
    {{ canonical_label('form_rows.row_label') }} as canonical_label,
    form_rows.source_page,
    form_rows.source_table,
    form_rows.source_row
from form_rows
inner join forms
    on
        form_rows.document_id = forms.document_id
        and form_rows.form_order = forms.form_order
left join kinds on form_rows.form_code = kinds.form_code
