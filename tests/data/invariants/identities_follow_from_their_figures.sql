-- The verdict follows from the figures beside it, whoever computed it; nothing is inconsistent without a severity, nor the reverse.
with checks as (

    select * from {{ ref('fct_identity_check') }}

),

catalogue as (

    select * from {{ ref('accounting_identity') }}

)

select
    checks.check_key,
    checks.reported,
    checks.expected,
    checks.tolerance,
    checks.status,
    checks.severity
from checks
inner join catalogue on checks.check_id = catalogue.check_id
where
    (checks.status <> 'not_evaluated' and (checks.reported is null or checks.expected is null or checks.tolerance is null))
    or ((checks.status = 'inconsistent') <> (checks.severity is not null))
    or (checks.status = 'consistent' and catalogue.relation <> 'at_most' and abs(checks.difference) > checks.tolerance + 0.01)
    or (checks.status = 'consistent' and catalogue.relation = 'at_most' and checks.difference > checks.tolerance + 0.01)
    or (checks.status = 'inconsistent' and abs(checks.difference) < checks.tolerance - 0.01)
