{# Quotients, and how they become decimals: DuckDB and Spark divide and round in ways of their own. #}

{#- A quotient as a double. DuckDB divides so; of two decimals Spark would make another decimal, of which it keeps six digits. -#}
{% macro quotient(numerator, denominator) -%}
    (cast({{ numerator }} as double) / cast({{ denominator }} as double))
{%- endmacro %}

{#-
    A decimal, rounded half away from zero, of a quotient or of another decimal. DuckDB multiplies a double and rounds what that gives,
    1.005 to 1.00; Spark rounds the shortest decimal that tells it, to 1.01.
-#}
{% macro as_decimal(expression, precision, scale) -%}
    {{ return(adapter.dispatch('as_decimal', 'juesuan')(expression, precision, scale)) }}
{%- endmacro %}

{% macro default__as_decimal(expression, precision, scale) -%}
    cast({{ expression }} as decimal({{ precision }}, {{ scale }}))
{%- endmacro %}

{% macro spark__as_decimal(expression, precision, scale) -%}
    case typeof({{ expression }})
        when 'double'
            then cast(round(cast({{ expression }} as double) * 1e{{ scale }}) / 1e{{ scale }} as decimal({{ precision }}, {{ scale }}))
        else cast({{ expression }} as decimal({{ precision }}, {{ scale }}))
    end
{%- endmacro %}
