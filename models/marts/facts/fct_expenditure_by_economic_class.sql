with amounts as (

    select *
    from {{ ref('int_amount_by_code') }}
    where classification = 'economic'

)

select
    document_id,
    disclosure_key,
    department_key,
    fiscal_year,
    disclosure_kind,
    form_code,
    row_code as economic_code,
    row_label as printed_name,
    canonical_name,
    level,
    parent_code,
    class_code,
    is_leaf,
    case when class_code in ('301', '303') then 'personnel' else 'operating' end as expense_group,
    {{ pivot_amounts([
        'total',
        'basic',
        'project',
        'personnel',
        'operating'
    ]) }},
    cast(max(printed_row_count) as integer) as printed_row_count,
    min(source_page) as source_page
from amounts
group by
    document_id,
    disclosure_key,
    department_key,
    fiscal_year,
    disclosure_kind,
    form_code,
    row_code,
    row_label,
    canonical_name,
    level,
    parent_code,
    class_code,
    is_leaf
