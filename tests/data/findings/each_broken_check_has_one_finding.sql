-- Nothing that does not agree is left out of the list of findings, and nothing is on it that agrees.
with checks as (

    select *
    from {{ ref('int_finding_check') }}
    where status = 'inconsistent'

),

explained as (

    select * from {{ ref('bridge_finding_check') }}

)

select
    coalesce(checks.check_key, explained.check_key) as check_key,
    checks.reason
from checks
full outer join explained on checks.check_key = explained.check_key
where checks.check_key is null or explained.check_key is null
