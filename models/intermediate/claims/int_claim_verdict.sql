with checks as (

    select * from {{ ref('int_claim_check') }}

),

-- One broken check breaks the claim; the gravest is the one that is told.
ranked as (

    select
        *,
        row_number() over (
            partition by document_id, claim_order
            order by
                case status when 'inconsistent' then 0 when 'consistent' then 1 else 2 end,
                case severity when 'material' then 0 else 1 end,
                check_name
        ) as choice
    from checks

)

select
    document_id,
    claim_order,
    check_name,
    status,
    severity,
    expected,
    reason
from ranked
where choice = 1
