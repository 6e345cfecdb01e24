{# Reading prose in SQL: what differs between DuckDB and Spark, and how sentences are made comparable. #}

{#- One row a value of a list; stands alone in a select list. -#}
{% macro explode_list(expression) -%}
    {{ return(adapter.dispatch('explode_list', 'juesuan')(expression)) }}
{%- endmacro %}

{% macro default__explode_list(expression) -%}
    unnest({{ expression }})
{%- endmacro %}

{% macro spark__explode_list(expression) -%}
    explode({{ expression }})
{%- endmacro %}

{#- A group of every match of the pattern, as a list. -#}
{% macro extract_all(expression, pattern, group=0) -%}
    regexp_extract_all({{ expression }}, '{{ pattern }}', {{ group }})
{%- endmacro %}

{#- A group of the first match of the pattern; NULL where there is none. -#}
{% macro extract_first(expression, pattern, group=0) -%}
    nullif(regexp_extract({{ expression }}, '{{ pattern }}', {{ group }}), '')
{%- endmacro %}

{#- A sentence as it is searched: as canonical_name, with ASCII digits and percent signs and Chinese colons. -#}
{% macro folded_text(expression) -%}
    translate({{ canonical_name(expression) }}, '０１２３４５６７８９．％:;', '0123456789.%：；')
{%- endmacro %}

{#- The title of a form without whose it is, of which year, and what stands behind it in brackets. -#}
{% macro bare_title(expression) -%}
    {%- set around = '^.*20[0-9][0-9]年度?|^(部门（单位）|预算单位|本部门|本单位|部门|单位)|（[^（）]*）$' -%}
    {{ replace_all(replace_all(expression, around, ''), around, '') }}
{%- endmacro %}

{#- Whether a text may hold one of the phrases of seeds/template_phrase.csv: a cheap question before the dear one. A data test asks it of
    the examples there. -#}
{% macro may_hold_template_phrase(expression) -%}
    {{ matches(
        expression,
        '填写|填列|填报|删除|（减少）|（增加）|（下降）|（增长）|增加/减少|增长/下降|[XＸ×＊*○][XＸ×＊*○]|列明'
    ) }}
{%- endmacro %}
