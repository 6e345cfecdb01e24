with claims as (

    select * from {{ ref('stg_claim') }}

),

-- 增加5万元，增长10%: the rate is that of the change to the figure before it.
bases as (

    select
        *,
        value - case when direction = 'decrease' then -delta else delta end as base,
        value_half_unit + delta_half_unit as base_half_unit
    from claims
    where
        claim_kind = 'change'
        and delta is not null
        and percent is not null
        and value is not null
        and coalesce(unit, '') not in ('%', '个百分点')
        and coalesce(delta_unit, '') not in ('%', '个百分点')

),

judged as (

    select
        *,
        case when base > base_half_unit then 100 * cast(delta as double) / cast(base as double) end as expected_percent,
        {{ rate_gap('percent', 'base', 'delta') }} as gap,
        {{ rate_allowed('percent', 'percent_half_unit', 'base', 'base_half_unit', 'delta_half_unit') }} as allowed,
        {{ rate_allowed('percent', 'percent_half_unit', 'base', 'base_half_unit', 'delta_half_unit', halves=3) }} as allowed_with_digit
    from bases
    where {{ is_computable(['base', 'delta', 'percent * 10000000']) }}

)

select
    document_id,
    claim_order,
    'rate_of_change' as check_name,
    cast(percent as decimal(24, 6)) as reported,
    {{ as_decimal('expected_percent', 24, 6) }} as expected,
    {{ as_decimal('percent - expected_percent', 24, 6) }} as difference,
    {{ as_decimal(
        'case when base > base_half_unit then cast(allowed as double) / cast(base as double) else percent_half_unit end',
        24, 6
    ) }} as tolerance,
    case
        when base <= base_half_unit and delta = 0 and percent = 0 then 'consistent'
        when base <= base_half_unit then 'not_evaluated'
        when gap <= allowed then 'consistent'
        else 'inconsistent'
    end as status,
    case
        when base <= base_half_unit or gap <= allowed then {{ as_text('null') }}
        when gap <= allowed_with_digit then 'last_digit'
        else 'material'
    end as severity,
    case
        when base <= base_half_unit
            then
                'the figure before is zero or less (' || {{ yuan_text('base') }} || '): there is no rate to compare'
        else
            {{ yuan_text('value') }} || ' after a change of ' || {{ yuan_text('delta') }} || ' was ' || {{ yuan_text('base') }}
            || ' before: a rate of ' || {{ percent_text('expected_percent') }} || ', the text says ' || {{ percent_text('percent') }}
    end as reason,
    {{ as_text('null') }} as other_key
from judged
