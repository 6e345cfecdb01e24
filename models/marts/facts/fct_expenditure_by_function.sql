with amounts as (

    select *
    from {{ ref('int_amount_by_code') }}
    where classification = 'functional' and form_code <> 'income'

)

select
    document_id,
    disclosure_key,
    department_key,
    fiscal_year,
    disclosure_kind,
    form_code,
    row_code as functional_code,
    row_label as printed_name,
    canonical_name,
    level,
    parent_code,
    class_code,
    is_leaf,
    {{ pivot_amounts([
        'total',
        'basic',
        'project',
        'remittance_to_superior',
        'business_expenditure',
        'subsidy_to_subordinate',
        'personnel',
        'operating',
        'contingency_reserve',
        'carryover_next_year',
        'opening_balance',
        'income',
        'closing_balance'
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
