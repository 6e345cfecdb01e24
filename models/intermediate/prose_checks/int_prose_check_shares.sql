with claims as (

    select * from {{ ref('stg_claim') }}

),

splits as (

    select * from {{ ref('stated_split') }}

),

shares as (

    select
        *,
        {{ canonical_name('subject') }} as canonical_subject
    from claims
    where
        claim_kind = 'share'
        and percent is not null
        and {{ is_money('unit') }}

),

-- What the sentence lists as parts of a whole that it states; the same list twice over is two lists.
listed as (

    select
        shares.document_id,
        shares.whole_order,
        min(shares.claim_order) as claim_order,
        count(*) as part_count,
        count(distinct shares.canonical_subject) as subject_count,
        sum(shares.value) as parts,
        sum(shares.value_half_unit) as parts_half_unit,
        sum(shares.percent) as percents,
        sum(shares.percent_half_unit) as percents_half_unit
    from shares
    where shares.whole_order is not null
    group by shares.document_id, shares.whole_order

),

of_stated_wholes as (

    select
        listed.document_id,
        listed.claim_order,
        listed.part_count,
        listed.percents,
        listed.percents_half_unit,
        wholes.value as whole,
        abs(wholes.value - listed.parts) <= wholes.value_half_unit + listed.parts_half_unit as is_complete,
        100 * (wholes.value_half_unit + listed.parts_half_unit) / wholes.value as figures_half_unit,
        'the parts add up to the whole, ' || {{ yuan_text('wholes.value') }} as why_complete
    from listed
    inner join claims as wholes
        on
            listed.document_id = wholes.document_id
            and listed.whole_order = wholes.claim_order
    where
        listed.part_count > 1
        and listed.subject_count = listed.part_count
        and wholes.claim_kind = 'amount'
        and wholes.value > wholes.value_half_unit
        and {{ is_money('wholes.unit') }}

),

-- 占“三公”经费的: where each part that the whole is known to have is there, they are all of it.
known_parts as (

    select
        splits.whole_measure,
        count(*) as known_count
    from splits
    group by splits.whole_measure

),

of_known_wholes as (

    select
        shares.document_id,
        min(shares.claim_order) as claim_order,
        count(*) as part_count,
        sum(shares.percent) as percents,
        sum(shares.percent_half_unit) as percents_half_unit,
        sum(shares.value) as whole,
        cast(true as boolean) as is_complete,
        100 * 2 * sum(shares.value_half_unit) / sum(shares.value) as figures_half_unit,
        'these are all parts of ' || shares.share_base as why_complete
    from shares
    inner join splits
        on
            shares.base_measure = splits.whole_measure
            and shares.measure = splits.part_measure
    inner join known_parts on splits.whole_measure = known_parts.whole_measure
    where shares.whole_order is null
    group by shares.document_id, shares.sentence_order, shares.share_base, splits.whole_measure, known_parts.known_count
    having
        count(*) = known_parts.known_count
        and count(distinct shares.measure) = known_parts.known_count
        and sum(shares.value) > sum(shares.value_half_unit)

),

enumerations as (

    select * from of_stated_wholes
    union all
    select * from of_known_wholes

)

select
    enumerations.document_id,
    'shares_of_whole' as check_name,
    {{ as_text('enumerations.claim_order') }} as place,
    enumerations.claim_order,
    claims.sentence_order,
    {{ percent_text('enumerations.percents') }} as printed,
    '100 %' as expected,
    case
        when not enumerations.is_complete then 'not_evaluated'
        when abs(enumerations.percents - 100) <= enumerations.percents_half_unit + enumerations.figures_half_unit
            then 'consistent'
        else 'inconsistent'
    end as status,
    case
        when
            enumerations.is_complete
            and abs(enumerations.percents - 100) > enumerations.percents_half_unit + enumerations.figures_half_unit
            then 'material'
    end as severity,
    case
        when enumerations.is_complete
            then
                enumerations.why_complete || '; the ' || {{ as_text('enumerations.part_count') }} || ' stated shares add up to '
                || {{ percent_text('enumerations.percents') }}
        else 'the parts do not add up to the whole: they need not be all of it'
    end as reason
from enumerations
inner join claims
    on
        enumerations.document_id = claims.document_id
        and enumerations.claim_order = claims.claim_order
