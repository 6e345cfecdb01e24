with amounts as (

    select * from {{ ref('stg_amount') }}

),

form_rows as (

    select * from {{ ref('int_form_row') }}

),

form_precision as (

    select
        document_id,
        form_order,
        unit,
        max(decimals) as form_decimals
    from amounts
    group by document_id, form_order, unit

)

select
    amounts.document_id,
    form_rows.disclosure_key,
    form_rows.department_key,
    form_rows.fiscal_year,
    form_rows.disclosure_kind,
    form_rows.edition_key,
    form_rows.is_current,
    form_rows.is_chosen,
    form_rows.is_judged,
    form_rows.classification,
    form_rows.structure,
    amounts.form_order,
    amounts.row_order,
    amounts.form_code,
    amounts.side,
    amounts.row_code,
    amounts.row_label,
    form_rows.canonical_label,
    amounts.column_code,
    amounts.column_header,
    amounts.amount,
    amounts.amount_text,
    amounts.printed_value,
    amounts.unit,
    amounts.decimals,
    -- A bare 0 among figures with decimals says that there is nothing: it is as exact as its neighbours.
    case
        when amounts.printed_value = 0 then {{ half_unit('form_precision.form_decimals', 'amounts.unit') }}
        else amounts.half_unit
    end as half_unit,
    amounts.source_page,
    amounts.source_table,
    amounts.source_row,
    amounts.source_column,
    amounts.confidence
from amounts
inner join form_rows
    on
        amounts.document_id = form_rows.document_id
        and amounts.form_order = form_rows.form_order
        and amounts.row_order = form_rows.row_order
inner join form_precision
    on
        amounts.document_id = form_precision.document_id
        and amounts.form_order = form_precision.form_order
        and amounts.unit = form_precision.unit
