with claims as (

    select * from {{ ref('stg_claim') }}

),

splits as (

    select * from {{ ref('stated_split') }}

),

wholes as (

    select *
    from claims
    where claim_kind = 'amount' and measure is not null and {{ is_money('unit') }}

),

known_parts as (

    select
        whole_measure,
        count(*) as known_count
    from splits
    group by whole_measure

),

-- Parts of parts stand under the outer whole as well; they measure something else.
parts as (

    select
        claims.document_id,
        claims.whole_order as claim_order,
        known_parts.known_count,
        count(*) as part_count,
        count(distinct claims.measure) as measure_count,
        sum(claims.value) as parts,
        sum(claims.value_half_unit) as parts_half_unit
    from claims
    inner join wholes
        on
            claims.document_id = wholes.document_id
            and claims.whole_order = wholes.claim_order
            and claims.phase = wholes.phase
    inner join splits
        on
            wholes.measure = splits.whole_measure
            and claims.measure = splits.part_measure
    inner join known_parts on splits.whole_measure = known_parts.whole_measure
    where claims.claim_kind = 'amount' and {{ is_money('claims.unit') }}
    group by claims.document_id, claims.whole_order, known_parts.known_count

),

compared as (

    select
        wholes.document_id,
        wholes.claim_order,
        wholes.sentence_order,
        wholes.subject,
        wholes.value,
        parts.parts,
        parts.part_count,
        parts.known_count,
        parts.part_count = parts.known_count as is_complete,
        parts.parts - wholes.value as excess,
        wholes.value_half_unit + parts.parts_half_unit as tolerance
    from wholes
    inner join parts
        on
            wholes.document_id = parts.document_id
            and wholes.claim_order = parts.claim_order
    where parts.part_count > 1 and parts.measure_count = parts.part_count

),

judged as (

    select
        *,
        case
            when excess > tolerance then 'inconsistent'
            when abs(excess) <= tolerance then 'consistent'
            when is_complete then 'inconsistent'
            else 'not_evaluated'
        end as status
    from compared

)

select
    document_id,
    'parts_of_amount' as check_name,
    {{ as_text('claim_order') }} as place,
    claim_order,
    sentence_order,
    {{ yuan_text('value') }} as printed,
    {{ yuan_text('parts') }} as expected,
    status,
    case when status = 'inconsistent' then 'material' end as severity,
    'the ' || {{ as_text('part_count') }} || ' parts of ' || subject || ' that the text states add up to ' || {{ yuan_text('parts') }}
    || ', the text says ' || {{ yuan_text('value') }}
    || case when status = 'not_evaluated' then ': it need not state all parts' else '' end as reason
from judged
