with claims as (

    select * from {{ ref('stg_claim') }}

),

bases as (

    select * from {{ ref('int_claim_base') }}

),

compared as (

    select
        claims.document_id,
        claims.claim_order,
        claims.value,
        claims.percent,
        bases.base,
        bases.base_source,
        bases.base_key,
        bases.base_half_unit,
        claims.percent_half_unit,
        {{ rate_gap('claims.percent', 'bases.base', 'claims.value') }} as gap,
        {{ rate_allowed(
            'claims.percent', 'claims.percent_half_unit', 'bases.base', 'bases.base_half_unit', 'claims.value_half_unit'
        ) }} as allowed,
        {{ rate_allowed(
            'claims.percent', 'claims.percent_half_unit', 'bases.base', 'bases.base_half_unit', 'claims.value_half_unit', halves=3
        ) }} as allowed_with_digit,
        bases.base > bases.base_half_unit as has_base
    from claims
    inner join bases
        on
            claims.document_id = bases.document_id
            and claims.claim_order = bases.claim_order
    where
        claims.claim_kind = 'share'
        and claims.percent is not null
        and {{ is_computable(['claims.value', 'bases.base', 'claims.percent * 10000000']) }}

),

-- Where several figures may be the whole, the one that fits counts, else the nearest.
ranked as (

    select
        *,
        case when has_base then 100 * cast(value as double) / cast(base as double) end as expected_percent,
        row_number() over (
            partition by document_id, claim_order
            order by
                case when gap <= allowed then 0 when has_base then 1 else 2 end,
                gap,
                base,
                base_half_unit
        ) as choice
    from compared

)

select
    document_id,
    claim_order,
    'share_of_whole' as check_name,
    cast(percent as decimal(24, 6)) as reported,
    {{ as_decimal('expected_percent', 24, 6) }} as expected,
    {{ as_decimal('percent - expected_percent', 24, 6) }} as difference,
    {{ as_decimal(
        'case when has_base then cast(allowed as double) / cast(base as double) else percent_half_unit end', 24, 6
    ) }} as tolerance,
    case
        when gap <= allowed then 'consistent'
        when not has_base then 'not_evaluated'
        else 'inconsistent'
    end as status,
    case
        when gap <= allowed or not has_base then {{ as_text('null') }}
        when gap <= allowed_with_digit then 'last_digit'
        else 'material'
    end as severity,
    case
        when not has_base and gap > allowed then 'the whole is zero: there is no share to compare'
        else
            {{ yuan_text('value') }} || ' of ' || {{ yuan_text('base') }} || ' (' || base_source || ') is '
            || coalesce({{ percent_text('expected_percent') }}, 'no share') || ', the text says ' || {{ percent_text('percent') }}
    end as reason,
    base_key as other_key
from ranked
where choice = 1
