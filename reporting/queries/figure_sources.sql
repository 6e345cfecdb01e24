-- Where do figures of some departments stand: in which file, on which page, in which row?
-- A figure that the forms do not print stands in the prose, and has a page but no row.
with figures as (
    select *
    from marts.fct_year_over_year
    where
        department_key in $departments
        and measure_group in $measures
        and disclosure_kind in $disclosure_kinds
        and reporting_scope = $reporting_scopes[list_position($departments, department_key)]
        and amount is not null
        -- Of a classification its classes alone, three digits.
        and length(coalesce(classification_code, '')) in (0, 3)
),

places as (
    select
        figures.*,
        printed.column_code,
        printed.column_header,
        printed.amount_text,
        printed.unit,
        printed.source_table,
        printed.source_row,
        printed.source_column,
        -- An amount that several columns of its row print is told by the column of its own name, else by the first.
        row_number() over (
            partition by figures.disclosure_key, figures.measure
            order by
                starts_with(figures.measure_group, printed.column_code) desc,
                printed.source_table, printed.source_row, printed.source_column
        ) as place_number
    from figures
    left join marts.fct_reported_amount as printed
        on
            figures.document_id = printed.document_id
            and figures.form_code = printed.form_code
            and figures.source_page = printed.source_page
            and figures.row_label = printed.row_label
            and figures.amount = printed.amount
)

select
    places.department_key,
    places.fiscal_year,
    places.disclosure_kind,
    coalesce(places.classification_code || ' ' || places.row_label, places.name_zh) as figure,
    places.amount,
    documents.file_name,
    places.source_page,
    places.source_table,
    places.source_row,
    places.source_column,
    places.amount_text,
    places.unit,
    places.form_code
from places
inner join marts.dim_document as documents on places.document_id = documents.document_id
where places.place_number = 1
order by places.department_key, places.fiscal_year, places.disclosure_kind desc, figure
