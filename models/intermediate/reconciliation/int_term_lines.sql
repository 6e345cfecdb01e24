with lines as (

    select * from {{ ref('int_supplementary_line') }}

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

),

totals as (

    select
        document_id,
        form_order,
        line_code,
        min(row_order) as row_order
    from lines
    where line_code is not null and total_line_code is null
    group by document_id, form_order, line_code

),

relations as (

    select
        totals.document_id,
        totals.form_order,
        totals.row_order as total_row_order,
        lines.row_order,
        case when lines.row_order = totals.row_order then 'total' else 'part' end as role
    from totals
    inner join lines
        on
            totals.document_id = lines.document_id
            and totals.form_order = lines.form_order
            and (totals.row_order = lines.row_order or totals.line_code = lines.total_line_code)

)

select
    relations.document_id,
    relations.form_order,
    'parts_of_line' as check_name,
    1 as variant,
    relations.total_row_order,
    amounts.column_code as total_column_code,
    relations.role,
    1 as sign,
    amounts.row_order,
    amounts.column_code,
    amounts.amount,
    amounts.half_unit
from relations
inner join amounts
    on
        relations.document_id = amounts.document_id
        and relations.form_order = amounts.form_order
        and relations.row_order = amounts.row_order
