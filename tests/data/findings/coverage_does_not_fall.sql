-- Of the checks that apply, at least the share that seeds/coverage_floor.csv writes down is evaluated: what is not understood must not
-- pass unseen. Of few checks a share says little.
with checks as (

    select * from {{ ref('int_finding_check') }}

),

claims as (

    select * from {{ ref('fct_narrative_claim') }}

),

floors as (

    select * from {{ ref('coverage_floor') }}

),

counted as (

    select
        family as checked,
        count(*) as applicable,
        sum(case when status = 'not_evaluated' then 0 else 1 end) as evaluated
    from checks
    where check_kind = 'identity'
    group by family

    union all

    select
        'claim_' || claim_kind as checked,
        count(*) as applicable,
        sum(case when status = 'not_evaluated' then 0 else 1 end) as evaluated
    from claims
    group by claim_kind

)

select
    counted.checked,
    counted.applicable,
    counted.evaluated,
    floors.floor
from counted
inner join floors on counted.checked = floors.checked
where
    counted.applicable >= floors.counts_from
    and counted.evaluated < floors.floor * counted.applicable
