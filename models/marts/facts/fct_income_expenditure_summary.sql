with lines as (

    select *
    from {{ ref('int_summary_line') }}
    where is_chosen

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

)

select
    lines.document_id,
    lines.disclosure_key,
    amounts.department_key,
    amounts.fiscal_year,
    amounts.disclosure_kind,
    lines.form_code,
    lines.side,
    cast(lines.line_number as integer) as line_number,
    lines.row_label as printed_label,
    lines.line_code,
    lines.role,
    lines.functional_code,
    {{ pivot_amounts([
        'total',
        'general_public_budget',
        'government_funds',
        'state_capital',
        'initial_budget',
        'budget',
        'final'
    ], 'amounts.amount', 'amounts.column_code') }},
    min(amounts.source_page) as source_page
from lines
inner join amounts
    on
        lines.document_id = amounts.document_id
        and lines.form_order = amounts.form_order
        and lines.row_order = amounts.row_order
group by
    lines.document_id,
    lines.disclosure_key,
    amounts.department_key,
    amounts.fiscal_year,
    amounts.disclosure_kind,
    lines.form_code,
    lines.side,
    lines.line_number,
    lines.row_label,
    lines.line_code,
    lines.role,
    lines.functional_code
