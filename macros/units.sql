{#
    Units of money. This is the only place that knows how many 元 a unit is: a new unit is a line here.
    Units that are not money (辆, 台, 人, 平方米 …) have the factor 1, so that counts stay as printed.
#}
{% macro unit_factors() -%}
    {{ return({'元': 1, '千元': 1000, '万元': 10000, '百万元': 1000000, '亿元': 100000000}) }}
{%- endmacro %}

{% macro unit_factor(unit) -%}
    cast(
        case {{ unit }}
            {%- for name, factor in unit_factors().items() %}
            when '{{ name }}' then {{ factor }}
            {%- endfor %}
            else 1
        end as decimal(9, 0)
    )
{%- endmacro %}

{% macro is_money(unit) -%}
    ({{ unit }} in ('{{ unit_factors().keys() | join("', '") }}'))
{%- endmacro %}

{#- The printed figure with all its digits, in 元. -#}
{% macro to_yuan_exact(printed_value, unit) -%}
    (cast({{ printed_value }} as decimal(24, 6)) * {{ unit_factor(unit) }})
{%- endmacro %}

{#- The amount of the marts: 元 and cents. -#}
{% macro to_yuan(printed_value, unit) -%}
    cast({{ to_yuan_exact(printed_value, unit) }} as decimal(20, 2))
{%- endmacro %}

{#
    Half of the last printed digit, in 元: a figure printed with d decimals of a unit stands for v ± ½·10⁻ᵈ of that unit.
    Where the last digit is a cent or less, the figure is exact.
#}
{% macro half_unit(decimals, unit) -%}
    cast(
        case
            {%- for digits in range(7) %}
            when {{ decimals }} = {{ digits }}
                then
                    case
                        when {{ unit_factor(unit) }} * {{ '%.6f' % (10 ** -digits) }} <= 0.01 then 0
                        else {{ unit_factor(unit) }} * {{ '%.7f' % (0.5 * 10 ** -digits) }}
                    end
            {%- endfor %}
            else 0
        end as decimal(20, 6)
    )
{%- endmacro %}

{#- Half of the last printed digit of a number without a unit, such as a percentage. -#}
{% macro half_digit(decimals) -%}
    cast(
        case {{ decimals }}
            {%- for digits in range(7) %}
            when {{ digits }} then {{ '%.7f' % (0.5 * 10 ** -digits) }}
            {%- endfor %}
        end as decimal(20, 7)
    )
{%- endmacro %}

{#- An amount in 元 for a sentence. -#}
{% macro yuan_text(expression) -%}
    {{ as_text(as_decimal(expression, 20, 2)) }} || ' 元'
{%- endmacro %}

{#- A percentage for a sentence. -#}
{% macro percent_text(expression) -%}
    {{ as_text(as_decimal(expression, 12, 2)) }} || ' %'
{%- endmacro %}
