{#
    A table of the public interface whose rows come later: its columns and types, no row. Readers can write their queries today.
#}
{% macro empty_table(columns) -%}
    {%- for name, type in columns.items() %}
    cast(null as {{ type }}) as {{ name }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}
