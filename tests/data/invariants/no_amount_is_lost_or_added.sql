-- What the parser read is what the marts have: as many amounts, and as much in each unit.
with staged as (

    select
        document_id,
        unit,
        count(*) as amount_count,
        sum(printed_value) as printed_sum
    from {{ source('staging', 'amount') }}
    group by document_id, unit

),

reported as (

    select
        document_id,
        unit,
        count(*) as amount_count,
        sum(printed_value) as printed_sum
    from {{ ref('fct_reported_amount') }}
    group by document_id, unit

)

select
    coalesce(staged.document_id, reported.document_id) as document_id,
    staged.amount_count as staged_count,
    reported.amount_count as reported_count,
    staged.printed_sum as staged_sum,
    reported.printed_sum as reported_sum
from staged
full outer join reported
    on
        staged.document_id = reported.document_id
        and staged.unit = reported.unit
where
    coalesce(staged.amount_count, 0) <> coalesce(reported.amount_count, 0)
    or coalesce(staged.printed_sum, 0) <> coalesce(reported.printed_sum, 0)
