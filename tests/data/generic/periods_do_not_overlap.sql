{#- Of one key no two periods share a year; an empty bound is open. -#}
{% test periods_do_not_overlap(model, key, valid_from, valid_to) %}

with periods as (

    select
        {{ key }} as period_key,
        coalesce({{ valid_from }}, 0) as valid_from,
        coalesce({{ valid_to }}, 9999) as valid_to,
        row_number() over (
            partition by {{ key }}
            order by coalesce({{ valid_from }}, 0), coalesce({{ valid_to }}, 9999)
        ) as period_number
    from {{ model }}

)

select
    periods.period_key,
    periods.valid_from,
    periods.valid_to,
    others.valid_from as other_valid_from,
    others.valid_to as other_valid_to
from periods
inner join periods as others
    on
        periods.period_key = others.period_key
        and periods.period_number < others.period_number
        and periods.valid_to >= others.valid_from

union all

select
    period_key,
    valid_from,
    valid_to,
    null as other_valid_from,
    null as other_valid_to
from periods
where valid_from > valid_to

{% endtest %}
