{#
    Half of the last digit of a number of points, from the number itself. Whole points are awarded, not measured: they are exact.
#}
{% macro half_point(points) -%}
    cast(
        case
            when {{ points }} is null then null
            {%- for digits in range(4) %}
            when {{ points }} = round({{ points }}, {{ digits }}) then {{ 0 if digits == 0 else '%.5f' % (0.5 * 10 ** -digits) }}
            {%- endfor %}
            else 0.00005
        end as decimal(20, 6)
    )
{%- endmacro %}
