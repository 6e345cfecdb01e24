-- What does this year's prose say about the year before: what was each amount then, if amount and change are as stated? (in 元)
-- Others: variables `department`, `year`.
-- The amount of the year before is this year's less the stated increase, or plus the stated decrease; where no change is stated in
-- 元, it follows from the percentage, to the 元. percent_of_it is the change over that amount: beside the stated percentage it shows
-- whether the sentence is right in itself.
with claims as (

    select * from {{ ref('fct_narrative_claim') }}

),

changes as (

    select
        source_page,
        section,
        subject,
        phase,
        value as amount,
        case direction when 'decrease' then -1 when 'increase' then 1 else 0 end as direction_sign,
        delta,
        percent,
        sentence,
        claim_number
    from claims
    where
        department_key = '{{ var("department", "云岭省澜溪市自然资源和规划局") }}'
        and disclosure_kind = '{{ var("disclosure_kind", "final_account") }}'
        and fiscal_year = {{ var("year", 2020) }}
        and claim_kind = 'change'
        and compared_with = concat('', fiscal_year - 1)
        -- A change of something that no measure and no code stands for can be compared with nothing.
        and (measure is not null or functional_code is not null)
        and direction in ('increase', 'decrease', 'flat')
        and coalesce(unit, '元') like '%元'
        and value is not null

),

implied as (

    select
        *,
        case
            when direction_sign = 0 then amount
            when delta is not null then amount - direction_sign * delta
            when percent is not null then round(amount / nullif(1 + direction_sign * percent / 100, 0), 0)
        end as implied_prior_amount
    from changes

)

select
    source_page,
    subject,
    phase,
    cast(amount as decimal(20, 2)) as amount,
    cast(direction_sign * delta as decimal(20, 2)) as stated_change,
    cast(direction_sign * percent as decimal(12, 2)) as stated_percent,
    cast(implied_prior_amount as decimal(20, 2)) as implied_prior_amount,
    round(100 * (amount - implied_prior_amount) / nullif(implied_prior_amount, 0), 2) as percent_of_it,
    sentence
from implied
where implied_prior_amount is not null
order by source_page, claim_number
