with changes as (

    select * from {{ ref('int_stated_change') }}

),

-- Money only. Products of amounts and percentages must fit 38 digits.
measured as (

    select
        document_id,
        claim_order,
        disclosure_kind,
        direction,
        sign,
        is_rough,
        cast(value as decimal(20, 4)) as value,
        cast(value_half_unit as decimal(20, 4)) as value_half_unit,
        cast(delta as decimal(20, 4)) as delta,
        cast(coalesce(delta_half_unit, 0) as decimal(20, 4)) as delta_half_unit,
        cast(stated_prior as decimal(20, 4)) as stated_prior,
        cast(stated_prior_half_unit as decimal(20, 4)) as stated_prior_half_unit,
        cast(percent as decimal(14, 6)) as percent,
        cast(percent_half_unit as decimal(14, 6)) as percent_half_unit
    from changes
    where
        is_money
        and direction is not null
        and {{ is_computable(
            ['coalesce(value, 0)', 'coalesce(delta, 0)', 'coalesce(stated_prior, 0)', 'coalesce(percent, 0) * 10000000']
        ) }}

),

bounded as (

    select
        *,
        cast(value - value_half_unit as decimal(20, 4)) as value_low,
        cast(value + value_half_unit as decimal(20, 4)) as value_high,
        cast(delta - delta_half_unit as decimal(20, 4)) as delta_low,
        cast(delta + delta_half_unit as decimal(20, 4)) as delta_high,
        cast(stated_prior - stated_prior_half_unit as decimal(20, 4)) as prior_low,
        cast(stated_prior + stated_prior_half_unit as decimal(20, 4)) as prior_high,
        cast(case when percent < percent_half_unit then 0 else percent - percent_half_unit end as decimal(14, 6)) as rate_low,
        cast(percent + percent_half_unit as decimal(14, 6)) as rate_high,
        cast(
            case when percent < 3 * percent_half_unit then 0 else percent - 3 * percent_half_unit end as decimal(14, 6)
        ) as wide_rate_low,
        cast(percent + 3 * percent_half_unit as decimal(14, 6)) as wide_rate_high,
        (
            percent is not null
            and value - value_half_unit >= 0
            and (sign = 1 or percent + percent_half_unit < 100)
        ) as rate_tells_prior
    from measured

),

-- What the sentence says the year before was.
implied as (

    select
        *,
        case
            when stated_prior is not null then 'stated'
            when value is null then {{ as_text('null') }}
            when sign = 0 then 'value'
            when delta is not null then 'value_and_change'
            when rate_tells_prior then 'value_and_rate'
        end as prior_source,
        cast(case
            when stated_prior is not null then stated_prior
            when sign = 0 then value
            when delta is not null then value - sign * delta
            when rate_tells_prior
                then {{ as_decimal('cast(value as double) / (1 + ' ~ quotient('sign * percent', 100) ~ ')', 24, 6) }}
        end as decimal(24, 6)) as implied_prior,
        cast(case
            when stated_prior is not null then prior_low
            when sign = 0 then value_low - delta_half_unit
            when delta is not null then value_low - sign * delta - delta_half_unit
            when rate_tells_prior
                then {{ as_decimal(
                    'cast(value_low as double) / (1 + '
                    ~ quotient('sign * case when sign = 1 then rate_high else rate_low end', 100) ~ ')', 24, 6
                ) }}
        end as decimal(24, 6)) as implied_prior_low,
        cast(case
            when stated_prior is not null then prior_high
            when sign = 0 then value_high + delta_half_unit
            when delta is not null then value_high - sign * delta + delta_half_unit
            when rate_tells_prior
                then {{ as_decimal(
                    'cast(value_high as double) / (1 + '
                    ~ quotient('sign * case when sign = 1 then rate_low else rate_high end', 100) ~ ')', 24, 6
                ) }}
        end as decimal(24, 6)) as implied_prior_high
    from bounded

),

-- Every relation that the sentence states, as a gap that must be able to be zero: from its least to its greatest possible value.
relations as (

    select
        *,
        stated_prior + sign * delta - value as sum_gap,
        stated_prior_half_unit + delta_half_unit + value_half_unit as sum_allowed,
        case
            when sign = 0 or percent is null then {{ as_text('null') }}
            when stated_prior is not null and value is not null then 'prior_and_value'
            when stated_prior is not null and delta is not null then 'prior_and_change'
            when value is not null and delta is not null then 'value_and_change'
        end as rate_of
    from implied

),

gaps as (

    select
        *,
        case rate_of
            when 'prior_and_value'
                then
                    case
                        when sign = 1 then prior_low * (100 + rate_low) - 100 * value_high
                        else 100 * value_low - prior_high * (100 - rate_low)
                    end
            when 'prior_and_change' then prior_low * rate_low - 100 * delta_high
            when 'value_and_change' then (value_low - sign * delta_high) * rate_low - 100 * delta_high
        end as gap_low,
        case rate_of
            when 'prior_and_value'
                then
                    case
                        when sign = 1 then prior_high * (100 + rate_high) - 100 * value_low
                        else 100 * value_high - prior_low * (100 - rate_high)
                    end
            when 'prior_and_change' then prior_high * rate_high - 100 * delta_low
            when 'value_and_change' then (value_high - sign * delta_low) * rate_high - 100 * delta_low
        end as gap_high,
        case rate_of
            when 'prior_and_value'
                then
                    case
                        when sign = 1 then prior_low * (100 + wide_rate_low) - 100 * value_high
                        else 100 * value_low - prior_high * (100 - wide_rate_low)
                    end
            when 'prior_and_change' then prior_low * wide_rate_low - 100 * delta_high
            when 'value_and_change' then (value_low - sign * delta_high) * wide_rate_low - 100 * delta_high
        end as wide_gap_low,
        case rate_of
            when 'prior_and_value'
                then
                    case
                        when sign = 1 then prior_high * (100 + wide_rate_high) - 100 * value_low
                        else 100 * value_high - prior_low * (100 - wide_rate_high)
                    end
            when 'prior_and_change' then prior_high * wide_rate_high - 100 * delta_low
            when 'value_and_change' then (value_high - sign * delta_low) * wide_rate_high - 100 * delta_low
        end as wide_gap_high
    from relations

),

-- The first line that holds decides; a base of zero has no rate.
found as (

    select
        *,
        case
            when sign = 0 and delta_low > 0 then 'flat_with_change'
            when sign = 0 and percent > percent_half_unit then 'flat_with_rate'
            when sign = 0 and stated_prior is not null and abs(stated_prior - value) > stated_prior_half_unit + value_half_unit
                then case when is_rough then 'rough' else 'flat_with_other_prior' end
            when sign <> 0 and stated_prior is not null and delta is not null and abs(sum_gap) > sum_allowed then 'sum_broken'
            when sign = 1 and stated_prior is not null and value is not null and value_high < prior_low then 'wrong_direction'
            when sign = -1 and stated_prior is not null and value is not null and value_low > prior_high then 'wrong_direction'
            when implied_prior_high < 0 and value >= 0 and disclosure_kind = 'budget' then 'negative_prior'
            when implied_prior < 0 then 'negative_base'
            when rate_of is not null and implied_prior_low <= 0 and delta = 0 and percent = 0 then 'holds'
            when rate_of is not null and implied_prior_low <= 0 then 'zero_base'
            when rate_of is not null and gap_low <= 0 and gap_high >= 0 then 'holds'
            when rate_of is not null and wide_gap_low <= 0 and wide_gap_high >= 0 then 'rate_last_digit'
            when rate_of is not null then 'rate_broken'
            when sign = 0 and (delta is not null or percent is not null) then 'holds'
            when stated_prior is not null and value is not null and (sign = 0 or delta is not null) then 'holds'
            else 'nothing_to_recompute'
        end as finding,
        case
            when rate_of = 'prior_and_value' and stated_prior > 0
                then 100 * sign * cast(value - stated_prior as double) / cast(stated_prior as double)
            when rate_of is not null and implied_prior > 0 then 100 * cast(delta as double) / cast(implied_prior as double)
        end as expected_percent
    from gaps

)

select
    document_id,
    claim_order,
    prior_source,
    implied_prior,
    implied_prior_low,
    implied_prior_high,
    {{ as_decimal('expected_percent', 24, 4) }} as expected_percent,
    finding,
    case
        when finding = 'holds' then 'consistent'
        when finding in ('rough', 'negative_base', 'zero_base', 'nothing_to_recompute') then 'not_evaluated'
        else 'inconsistent'
    end as sentence_status,
    case
        when finding = 'rate_last_digit' then 'last_digit'
        when
            finding in (
                'flat_with_change', 'flat_with_rate', 'flat_with_other_prior', 'sum_broken', 'wrong_direction', 'negative_prior',
                'rate_broken'
            )
            then 'material'
    end as severity,
    case finding
        when 'holds' then 'the figures of the sentence fit each other'
        when 'rough' then 'the sentence says only that about as much was spent'
        when 'nothing_to_recompute' then 'the sentence states no second figure from which the change could be computed'
        when 'zero_base' then 'the year before is zero (' || {{ yuan_text('implied_prior') }} || '): there is no rate to compare'
        when 'negative_base' then 'the year before would be ' || {{ yuan_text('implied_prior') }} || ': there is no rate to compare'
        when 'negative_prior'
            then
                {{ yuan_text('value') }} || ' after an increase of ' || {{ yuan_text('delta') }} || ' would have been '
                || {{ yuan_text('implied_prior') }} || ' before, and no budget is negative'
        when 'flat_with_change' then 'nothing changed, says the sentence, and by ' || {{ yuan_text('delta') }}
        when 'flat_with_rate' then 'nothing changed, says the sentence, and by ' || {{ percent_text('percent') }}
        when 'flat_with_other_prior'
            then
                'nothing changed, says the sentence, and states ' || {{ yuan_text('stated_prior') }} || ' before and '
                || {{ yuan_text('value') }} || ' now'
        when 'wrong_direction'
            then
                'the sentence states ' || {{ yuan_text('stated_prior') }} || ' before and ' || {{ yuan_text('value') }}
                || ' now, and calls that ' || direction
        when 'sum_broken'
            then
                {{ yuan_text('stated_prior') }} || ' before and ' || {{ yuan_text('value') }} || ' now are not '
                || {{ yuan_text('delta') }} || ' apart (' || direction || ')'
        else
            'from ' || {{ yuan_text('implied_prior') }} || coalesce(' to ' || {{ yuan_text('value') }}, '') || ' is a rate of '
            || coalesce({{ percent_text('expected_percent') }}, 'none') || ', the sentence says ' || {{ percent_text('percent') }}
    end as sentence_reason
from found
