{% set sources = ['int_term_code_tree', 'int_term_column_parts', 'int_term_summary', 'int_term_lines'] %}

{%- for source in sources %}
select
    document_id,
    form_order,
    check_name,
    variant,
    total_row_order,
    total_column_code,
    role,
    sign,
    amount,
    half_unit
from {{ ref(source) }}
{% if not loop.last %}union all{% endif %}
{%- endfor %}
