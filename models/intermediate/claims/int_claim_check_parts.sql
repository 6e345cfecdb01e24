with claims as (

    select *
    from {{ ref('stg_claim') }}
    where claim_kind = 'count'

),

-- 另有 names something beside the whole.
parts as (

    select
        document_id,
        whole_order,
        sentence_order,
        unit,
        sum(value) as parts_total,
        count(*) as part_count
    from claims
    where whole_order is not null and not {{ matches('subject', '^另') }}
    group by document_id, whole_order, sentence_order, unit
    having count(*) > 1

)

select
    claims.document_id,
    claims.claim_order,
    'parts_of_count' as check_name,
    cast(claims.value as decimal(24, 6)) as reported,
    cast(parts.parts_total as decimal(24, 6)) as expected,
    cast(claims.value - parts.parts_total as decimal(24, 6)) as difference,
    cast(0 as decimal(24, 6)) as tolerance,
    case
        when claims.value = parts.parts_total then 'consistent'
        when claims.value < parts.parts_total then 'inconsistent'
        else 'not_evaluated'
    end as status,
    case when claims.value < parts.parts_total then 'material' else {{ as_text('null') }} end as severity,
    'the ' || {{ as_text('parts.part_count') }} || ' parts that the sentence lists add up to '
    || {{ as_text('cast(parts.parts_total as decimal(20, 0))') }} || ' ' || claims.unit || ', the whole is '
    || {{ as_text('cast(claims.value as decimal(20, 0))') }}
    || case when claims.value > parts.parts_total then ': it need not list all of them' else '' end as reason,
    {{ as_text('null') }} as other_key
from claims
inner join parts
    on
        claims.document_id = parts.document_id
        and claims.claim_order = parts.whole_order
        and claims.sentence_order = parts.sentence_order
        and claims.unit = parts.unit
