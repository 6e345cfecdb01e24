{#
    Column codes to columns: `basic` becomes `basic_amount`. NULL where the row prints nothing in that column.
    Each code names one amount of a row, so `max` only picks it.
#}
{% macro pivot_amounts(column_codes, amount='amount', column_code='column_code') -%}
    {%- for code in column_codes %}
    max(case when {{ column_code }} = '{{ code }}' then {{ amount }} end) as {{ code }}_amount
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}
