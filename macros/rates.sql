{#
    A part, its whole and the percentage that a text prints, as decimals that fit 38 digits: a double misses the bound itself. 12.34 % of 200 is
    24.68, and 24.69 is just as far from it as half a digit; in doubles it is a little farther. All is in hundredths of 元, so that nothing is divided.
#}

{#- Whether figures are small enough to be computed with; nobody spends a thousand 万亿元, but a broken text may say so. -#}
{% macro is_computable(amounts) -%}
    (
        {%- for amount in amounts %}
        abs({{ amount }}) < 1000000000000000
        {%- if not loop.last %} and{% endif %}
        {%- endfor %}
    )
{%- endmacro %}

{% macro computable_amount(amount) -%}
    cast(case when {{ is_computable([amount]) }} then {{ amount }} end as decimal(20, 4))
{%- endmacro %}

{% macro computable_percent(percent) -%}
    cast(case when abs({{ percent }}) < 100000000 then {{ percent }} end as decimal(16, 7))
{%- endmacro %}

{#- How far the part is from that percentage of the whole. -#}
{% macro rate_gap(percent, whole, part) -%}
    abs({{ computable_percent(percent) }} * {{ computable_amount(whole) }} - 100 * {{ computable_amount(part) }})
{%- endmacro %}

{#- What rounding allows of it, of the percentage (so many halves of its last digit) and of both amounts. -#}
{% macro rate_allowed(percent, percent_half_unit, whole, whole_half_unit, part_half_unit, halves=1) -%}
    {{ computable_percent(percent_half_unit if halves == 1 else halves ~ ' * ' ~ percent_half_unit) }}
    * ({{ computable_amount('abs(' ~ whole ~ ')') }} + {{ computable_amount(whole_half_unit) }})
    + {{ computable_percent(percent) }} * {{ computable_amount(whole_half_unit) }} + 100 * {{ computable_amount(part_half_unit) }}
{%- endmacro %}
