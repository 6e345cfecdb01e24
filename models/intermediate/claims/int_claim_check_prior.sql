with claims as (

    select * from {{ ref('stg_claim') }}

),

changes as (

    select *
    from claims
    where
        claim_kind = 'change'
        and value is not null
        and direction in ('increase', 'decrease')
        and {{ is_money('unit') }}
        and (
            (percent is not null and delta is null)
            or (delta is not null and {{ is_money('delta_unit') }})
        )

),

-- 2023年执行数为5万元，2024年预算安排6万元，比2023年执行数增加20%: the figure of the year before stands in the sentence, once.
earlier as (

    select
        document_id,
        sentence_order,
        compared_with,
        subject,
        max(value) as before_value,
        max(value_half_unit) as before_half_unit
    from claims
    where claim_kind = 'amount' and phase = 'prior' and {{ is_money('unit') }}
    group by document_id, sentence_order, compared_with, subject
    having count(*) = 1

),

compared as (

    select
        changes.document_id,
        changes.claim_order,
        changes.value,
        changes.direction,
        changes.delta,
        changes.percent,
        changes.percent_half_unit,
        changes.delta_half_unit,
        earlier.before_value,
        earlier.before_half_unit,
        changes.value_half_unit,
        changes.value - earlier.before_value as difference,
        case when changes.direction = 'decrease' then -1 else 1 end as sign
    from changes
    inner join earlier
        on
            changes.document_id = earlier.document_id
            and changes.sentence_order = earlier.sentence_order
            and changes.compared_with = earlier.compared_with
            and changes.subject = earlier.subject

),

judged as (

    select
        *,
        case when delta is not null then abs(difference) when before_value > 0 then 100 * abs(difference) / before_value end as expected,
        case
            when delta is not null then abs(sign * delta - difference)
            else abs(sign * percent / 100 * before_value - difference)
        end as gap,
        case
            when delta is not null then value_half_unit + before_half_unit + delta_half_unit
            else
                value_half_unit + before_half_unit + percent / 100 * before_half_unit
                + percent_half_unit / 100 * (abs(before_value) + before_half_unit)
        end as allowed
    from compared

)

select
    document_id,
    claim_order,
    'change_from_stated_figure' as check_name,
    cast(coalesce(delta, percent) as decimal(24, 6)) as reported,
    cast(expected as decimal(24, 6)) as expected,
    cast(coalesce(delta, percent) - expected as decimal(24, 6)) as difference,
    cast(
        case when delta is not null then allowed when before_value > 0 then 100 * cast(allowed as double) / cast(before_value as double) end
        as decimal(24, 6)
    ) as tolerance,
    case
        when delta is null and before_value <= before_half_unit then 'not_evaluated'
        when gap <= allowed then 'consistent'
        else 'inconsistent'
    end as status,
    case
        when (delta is null and before_value <= before_half_unit) or gap <= allowed then {{ as_text('null') }}
        when delta is not null and gap <= allowed + 2 * delta_half_unit then 'last_digit'
        when delta is null and gap <= allowed + 2 * percent_half_unit / 100 * (abs(before_value) + before_half_unit) then 'last_digit'
        else 'material'
    end as severity,
    case
        when delta is null and before_value <= before_half_unit then 'the figure before is zero: there is no rate to compare'
        else
            'from ' || {{ yuan_text('before_value') }} || ' to ' || {{ yuan_text('value') }} || ', as the sentence says, is '
            || case when difference < 0 then 'a decrease of ' else 'an increase of ' end
            || case when delta is not null then {{ yuan_text('expected') }} else {{ percent_text('expected') }} end
            || ', the text says ' || direction || ' of '
            || case when delta is not null then {{ yuan_text('delta') }} else {{ percent_text('percent') }} end
    end as reason,
    {{ as_text('null') }} as other_key
from judged
