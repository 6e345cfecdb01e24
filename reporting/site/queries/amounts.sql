-- Every amount as printed and where: page, table, row and column.
with amounts as (
    select
        department_key,
        disclosure_key,
        document_id,
        form_order,
        form_code,
        row_order,
        side,
        row_code,
        row_label,
        column_code,
        column_header,
        amount,
        amount_text,
        unit,
        source_page,
        source_table,
        source_row,
        source_column,
        fiscal_year,
        disclosure_kind
    from marts.fct_reported_amount
)

select * from amounts
where $scope
order by disclosure_key, document_id, form_order, source_page, source_table, source_row, source_column, row_order, column_code
