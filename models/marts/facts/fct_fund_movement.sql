with amounts as (

    select *
    from {{ ref('int_reported_amount') }}
    where is_chosen and form_code in ('government_funds', 'state_capital')

)

select
    document_id,
    disclosure_key,
    department_key,
    fiscal_year,
    disclosure_kind,
    form_code,
    cast(row_order as integer) as row_order,
    row_code as functional_code,
    row_label as printed_name,
    {{ functional_level('row_code') }} as level,
    row_code is null and {{ matches('canonical_label', '(合计|总计)$') }} as is_total,
    {{ pivot_amounts(['opening_balance', 'income', 'total', 'basic', 'project', 'closing_balance']) }},
    min(source_page) as source_page
from amounts
group by
    document_id,
    disclosure_key,
    department_key,
    fiscal_year,
    disclosure_kind,
    form_code,
    row_order,
    row_code,
    row_label,
    canonical_label
