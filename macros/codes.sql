{# Codes of the classifications. Functional: 类 3 digits, 款 5, 项 7. Economic: 类 3 digits, 款 5. #}

{% macro functional_level(code) -%}
    case length({{ code }}) when 3 then 'class' when 5 then 'section' when 7 then 'item' end
{%- endmacro %}

{% macro economic_level(code) -%}
    case length({{ code }}) when 3 then 'class' when 5 then 'section' end
{%- endmacro %}

{#- The code one level up; a class has none, nor has a code of an unknown length. -#}
{% macro parent_code(code) -%}
    case when length({{ code }}) in (5, 7) then substring({{ code }}, 1, length({{ code }}) - 2) end
{%- endmacro %}

{% macro class_code(code) -%}
    case when length({{ code }}) in (3, 5, 7) then substring({{ code }}, 1, 3) end
{%- endmacro %}

{#- Whether a line of a classification (or a name of a department) is valid in a year; an empty bound is open. -#}
{% macro valid_in(year, valid_from, valid_to) -%}
    {{ year }} between coalesce({{ valid_from }}, 0) and coalesce({{ valid_to }}, 9999)
{%- endmacro %}
