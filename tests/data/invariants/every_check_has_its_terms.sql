-- An evaluated check can be done again from the bridge: its terms, with their signs, come to the figures that it gives.
with checks as (

    select *
    from {{ ref('fct_identity_check') }}
    where status <> 'not_evaluated'

),

terms as (

    select
        check_key,
        sum(case when role = 'reported' then term_sign * amount end) as reported,
        sum(case when role = 'expected' then term_sign * amount end) as expected,
        sum(case when role = 'numerator' then term_sign * amount end) as numerator,
        max(case when role = 'at_least' then amount end) as lowest,
        max(case when role in ('up_to', 'below') then amount end) as highest
    from {{ ref('bridge_identity_term') }}
    group by check_key

)

select
    checks.check_key,
    checks.reported,
    terms.reported as reported_by_terms,
    checks.expected,
    terms.expected as expected_by_terms
from checks
left join terms on checks.check_key = terms.check_key
where
    terms.check_key is null
    or terms.reported <> checks.reported
    or coalesce(terms.expected, terms.numerator, terms.lowest) is null
    or not coalesce(checks.expected between terms.lowest and terms.highest, true)
    or terms.expected <> checks.expected
