-- What the current document of a form and a superseded one do not print alike.
with told as (
    select
        disclosures.department_key,
        differences.disclosure_key,
        differences.form_code,
        differences.current_file_name,
        differences.other_file_name,
        differences.outcome,
        differences.row_code,
        differences.row_label,
        differences.column_code,
        differences.current_amount_text,
        differences.current_unit,
        differences.current_page,
        differences.other_amount_text,
        differences.other_unit,
        differences.other_page
    from marts.fct_document_difference as differences
    inner join marts.dim_disclosure as disclosures on differences.disclosure_key = disclosures.disclosure_key
    where differences.is_difference
)

select * from told
where $scope
order by all
