-- Forms of a disclosure in printed order; `missing` ones are listed in the contents and are not there.
with forms as (
    select
        forms.department_key,
        forms.disclosure_key,
        forms.document_id,
        documents.file_name,
        forms.form_order,
        forms.form_code,
        forms.title,
        forms.number_printed,
        forms.unit,
        forms.first_page,
        forms.last_page,
        forms.status,
        forms.note,
        forms.amount_count,
        forms.is_current
    from marts.fct_disclosed_form as forms
    inner join marts.dim_document as documents on forms.document_id = documents.document_id
)

select * from forms
where $scope
order by disclosure_key, is_current desc, document_id, form_order
