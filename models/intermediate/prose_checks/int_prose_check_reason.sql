with sentences as (

    select *
    from {{ ref('int_prose_sentence') }}
    where not is_glossary and not is_report

),

claims as (

    select * from {{ ref('stg_claim') }}

),

changes as (

    select
        document_id,
        sentence_order,
        min(claim_order) as claim_order,
        min(subject) as subject,
        min(direction) as direction,
        count(distinct direction) as direction_count
    from claims
    where claim_kind = 'change' and direction in ('increase', 'decrease', 'flat')
    group by document_id, sentence_order

),

in_order as (

    select
        document_id,
        section,
        sentence_order,
        folded,
        lead(folded, 1) over (
            partition by document_id, section
            order by sentence_order
        ) as next_text,
        lead(folded, 2) over (
            partition by document_id, section
            order by sentence_order
        ) as text_after_next
    from sentences

),

-- 主要原因：… after the sentence, with a line of its own for the words or not.
reasons as (

    select
        document_id,
        section,
        sentence_order,
        folded,
        {{ replace_all(
            "case when " ~ matches('next_text', '^(主要)?原因(是|为)?：?$') ~ " then text_after_next else next_text end",
            '^(主要)?原因(是|为)?：?', ''
        ) }} as reason
    from in_order
    where {{ matches('next_text', '^(主要)?原因') }}

),

explained as (

    select
        changes.document_id,
        changes.sentence_order,
        changes.claim_order,
        changes.subject,
        changes.direction,
        reasons.folded,
        reasons.reason
    from changes
    inner join reasons
        on
            changes.document_id = reasons.document_id
            and changes.sentence_order = reasons.sentence_order
    where changes.direction_count = 1 and length(reasons.reason) > 10

),

flat as (

    select *
    from explained
    where direction = 'flat' and not {{ matches('folded', '基本') }}

),

-- The same words explain a change elsewhere, and end with its direction: …等原因减少支付。
moved as (

    select
        document_id,
        reason,
        direction,
        min(subject) as subject
    from explained
    where
        (direction = 'decrease' and {{ matches('reason', '(减少|下降|压减|降低|减支)[^，。；增]{0,6}。$') }})
        or (direction = 'increase' and {{ matches('reason', '(增加|增长|上升|提高|增支)[^，。；减]{0,6}。$') }})
    group by document_id, reason, direction

)

select
    flat.document_id,
    'flat_with_reason' as check_name,
    {{ as_text('flat.claim_order') }} || moved.direction as place,
    flat.claim_order,
    flat.sentence_order,
    'flat' as printed,
    moved.direction as expected,
    'inconsistent' as status,
    'material' as severity,
    'the text says that ' || flat.subject || ' did not change, and gives the reason that it gives for the ' || moved.direction || ' of '
    || moved.subject as reason
from flat
inner join moved
    on
        flat.document_id = moved.document_id
        and flat.reason = moved.reason
