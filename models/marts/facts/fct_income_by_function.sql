with amounts as (

    select *
    from {{ ref('int_amount_by_code') }}
    where form_code = 'income'

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
        'appropriation',
        'superior_subsidy',
        'institutional_income',
        'education_fees',
        'business_income',
        'subordinate_remittance',
        'other_income',
        'general_public_budget',
        'government_funds',
        'state_capital',
        'opening_balance',
        'use_of_surplus'
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
