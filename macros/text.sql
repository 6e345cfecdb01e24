{# Text functions whose names or habits differ between DuckDB and Spark. #}

{% macro as_text(expression) -%}
    {{ return(adapter.dispatch('as_text', 'juesuan')(expression)) }}
{%- endmacro %}

{% macro default__as_text(expression) -%}
    cast({{ expression }} as varchar)
{%- endmacro %}

{% macro spark__as_text(expression) -%}
    cast({{ expression }} as string)
{%- endmacro %}

{#- Every match of the pattern replaced. Patterns use character classes, never backslashes, so that they mean the same everywhere. -#}
{% macro replace_all(expression, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_all', 'juesuan')(expression, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_all(expression, pattern, replacement) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__replace_all(expression, pattern, replacement) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro %}

{% macro matches(expression, pattern) -%}
    {{ return(adapter.dispatch('matches', 'juesuan')(expression, pattern)) }}
{%- endmacro %}

{% macro default__matches(expression, pattern) -%}
    regexp_matches({{ expression }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__matches(expression, pattern) -%}
    ({{ expression }} rlike '{{ pattern }}')
{%- endmacro %}

{#- The distinct values of a group in one text, in order. -#}
{% macro join_values(expression, separator=', ') -%}
    {{ return(adapter.dispatch('join_values', 'juesuan')(expression, separator)) }}
{%- endmacro %}

{% macro default__join_values(expression, separator) -%}
    string_agg(distinct {{ expression }}, '{{ separator }}' order by {{ expression }})
{%- endmacro %}

{% macro spark__join_values(expression, separator) -%}
    nullif(array_join(sort_array(collect_set({{ expression }})), '{{ separator }}'), '')
{%- endmacro %}

{#- A name as it is compared: white space and the style of brackets and quotes do not make another name. -#}
{% macro canonical_name(expression) -%}
    {{ replace_all(
        "translate(" ~ expression ~ ", '()﹙﹚［］[]“”\"‘’', '（）（）（）（）')",
        "[ \t\r\n　 ]+",
        ""
    ) }}
{%- endmacro %}

{#- The label of a line without what only orders it: 一、 （一） 1. 其中： -#}
{% macro canonical_label(expression) -%}
    {{ replace_all(
        canonical_name(expression),
        "^(其中[：:]|[一二三四五六七八九十]+[、.．]|（[一二三四五六七八九十0-9]+）|[0-9]+[、.．])+|[：:]$",
        ""
    ) }}
{%- endmacro %}

{#- Like matches, with a pattern that is a column, as in a seed. -#}
{% macro matches_column(expression, pattern) -%}
    {{ return(adapter.dispatch('matches_column', 'juesuan')(expression, pattern)) }}
{%- endmacro %}

{% macro default__matches_column(expression, pattern) -%}
    regexp_matches({{ expression }}, {{ pattern }})
{%- endmacro %}

{% macro spark__matches_column(expression, pattern) -%}
    ({{ expression }} rlike {{ pattern }})
{%- endmacro %}
