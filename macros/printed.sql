{# What a figure's own text tells. #}

{#- The number of decimals that are printed, white space aside. NULL where nothing is printed. -#}
{% macro printed_decimals(text) -%}
    cast(length({{ replace_all(replace_all(text, '^[^.．]*[.．]?', ''), '[^0-9０-９]', '') }}) as integer)
{%- endmacro %}
