{# Rows without a code that add up others. #}

{#-
    What a row without a code adds up, by its canonical label: `total` (合计), `personnel_total` (人员经费合计), `operating_total`
    (公用经费合计). NULL for any other label.
-#}
{% macro total_row_kind(label) -%}
    case
        when {{ matches(label, '^人员(经费)?(支出)?(合计|小计)$') }} then 'personnel_total'
        when {{ matches(label, '^(日常)?公用(经费)?(支出)?(合计|小计)$') }} then 'operating_total'
        when {{ matches(label, '^(本年|当年)?(收入|支出|基本支出|项目支出)?(合计|总计)$') }} then 'total'
    end
{%- endmacro %}
