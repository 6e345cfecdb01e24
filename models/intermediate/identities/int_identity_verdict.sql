with terms as (

    select * from {{ ref('int_identity_term') }}

),

catalogue as (

    select * from {{ ref('accounting_identity') }}

),

summed as (

    select
        check_key,
        check_id,
        variant,
        sum(case when role = 'reported' then sign * amount end) as reported,
        sum(case when role = 'expected' then sign * amount end) as summed,
        sum(case when role = 'numerator' then sign * amount end) as numerator,
        sum(case when role = 'denominator' then sign * amount end) as denominator,
        sum(case when role = 'reported' then half_unit else 0 end) as reported_half,
        sum(case when role = 'expected' then half_unit else 0 end) as summed_half,
        sum(case when role = 'numerator' then half_unit else 0 end) as numerator_half,
        sum(case when role = 'denominator' then half_unit else 0 end) as denominator_half,
        sum(case when role = 'reported' then 1 else 0 end) as reported_count,
        max(case when role = 'at_least' then amount end) as lowest,
        min(case when role in ('up_to', 'below') then amount end) as highest,
        max(case when role = 'below' then 1 else 0 end) as is_open_above,
        sum(
            case when role in ('expected', 'numerator', 'denominator', 'at_least', 'up_to', 'below') then 1 else 0 end
        ) as expected_count,
        sum(case when role = 'unknown' and coalesce(amount, 1) <> 0 then 1 else 0 end) as unknown_count,
        sum(case when role = 'ambiguous' and amount <> 0 then 1 else 0 end) as ambiguous_count,
        max(case when role in ('reported', 'expected') then half_unit else 0 end) as coarsest_half,
        max(abs(coalesce(amount, 1))) as largest_amount
    from terms
    group by check_key, check_id, variant

),

-- What the figures on the other side let expect: one figure and the interval that their rounding leaves open.
expectations as (

    select
        summed.check_key,
        summed.check_id,
        summed.variant,
        catalogue.relation as comparison,
        summed.reported,
        summed.reported_half,
        summed.reported_count,
        summed.expected_count,
        summed.unknown_count,
        summed.ambiguous_count,
        summed.largest_amount,
        summed.is_open_above,
        case when summed.coarsest_half = 0 then 0.01 else 2 * summed.coarsest_half end as last_digit,
        -- A sum stays a decimal beside the quotients: as a double it would lose its last digits.
        case
            -- Of a band, the figure in it that is nearest to the one reported.
            when catalogue.relation = 'within'
                then cast(
                        case
                            when summed.reported < summed.lowest then summed.lowest
                            when summed.reported > summed.highest then summed.highest
                            when summed.lowest <= summed.highest then summed.reported
                        end as decimal(24, 6)
                    )
            when catalogue.relation <> 'ratio' then cast(summed.summed as decimal(24, 6))
            when summed.denominator > 0 then {{ as_decimal(quotient('100 * summed.numerator', 'summed.denominator'), 24, 6) }}
        end as expected,
        case
            when catalogue.relation = 'within' then cast(summed.lowest as decimal(24, 6))
            when catalogue.relation <> 'ratio' then cast(summed.summed - summed.summed_half as decimal(24, 6))
            when summed.denominator > 0
                then {{ as_decimal(
                    quotient('100 * (summed.numerator - summed.numerator_half)', 'summed.denominator + summed.denominator_half'), 24, 6
                ) }}
        end as expected_low,
        case
            when catalogue.relation = 'within' then cast(summed.highest as decimal(24, 6))
            when catalogue.relation <> 'ratio' then cast(summed.summed + summed.summed_half as decimal(24, 6))
            when summed.denominator > summed.denominator_half
                then {{ as_decimal(
                    quotient('100 * (summed.numerator + summed.numerator_half)', 'summed.denominator - summed.denominator_half'), 24, 6
                ) }}
        end as expected_high
    from summed
    inner join catalogue on summed.check_id = catalogue.check_id

),

judged as (

    select
        *,
        reported - expected as difference,
        reported_half
        + case
            when comparison = 'within' then 0
            when reported > expected then expected_high - expected
            else expected - expected_low
        end as tolerance,
        case
            when
                reported is null or expected_low is null or expected_high is null
                or expected_count = 0 or unknown_count > 0 or ambiguous_count > 0
                then 'not_evaluated'
            when reported - reported_half > expected_high then 'inconsistent'
            when comparison = 'within' and is_open_above = 1 and reported - reported_half >= expected_high then 'inconsistent'
            when comparison <> 'at_most' and reported + reported_half < expected_low then 'inconsistent'
            else 'consistent'
        end as status
    from expectations
    where
        -- A 0 beside a blank says nothing to check, nor does a whole without the part that would be compared with it. A blank where the
        -- other side comes to nothing is how forms print nothing. A grade without a score is open.
        not (largest_amount = 0 and (reported_count = 0 or expected_count = 0))
        and not (reported_count = 0 and coalesce(expected = 0, comparison <> 'within'))
        and not (comparison = 'at_most' and reported_count = 0)

),

-- Where layouts differ in what a total comprises, the reading that fits counts.
best as (

    select
        *,
        row_number() over (
            partition by check_key
            order by
                case status when 'consistent' then 1 when 'inconsistent' then 2 else 3 end,
                variant
        ) as choice
    from judged

)

select
    check_key,
    check_id,
    variant,
    comparison,
    cast(reported as decimal(24, 6)) as reported,
    cast(reported_half as decimal(20, 6)) as reported_half,
    expected,
    expected_low,
    expected_high,
    cast(difference as decimal(24, 6)) as difference,
    cast(tolerance as decimal(20, 6)) as tolerance,
    reported_count,
    expected_count,
    unknown_count,
    ambiguous_count,
    status,
    -- As after truncation: the figures would agree if one last digit were one more or one less.
    case
        when status <> 'inconsistent' then null
        when abs(difference) - tolerance <= last_digit then 'last_digit'
        else 'material'
    end as severity
from best
where choice = 1
