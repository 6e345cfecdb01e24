with forms as (

    select * from {{ ref('stg_form') }}

),

-- How many people and cars there are is told in any overview: that explains no figure.
claims as (

    select *
    from {{ ref('stg_claim') }}
    where claim_kind <> 'count'

),

identities as (

    select * from {{ ref('int_document_identity') }}

),

-- A file may print a form more than once (for the department and for a unit): the first with figures is the one.
ranked as (

    select
        document_id,
        form_order,
        form_code,
        status,
        row_number() over (
            partition by document_id, form_code
            order by case status when 'present' then 1 else 2 end, form_order
        ) as choice
    from forms
    where status <> 'missing'

),

printed as (

    select
        document_id,
        form_order,
        form_code,
        status = 'present' as has_figures
    from ranked
    where choice = 1

),

form_counts as (

    select
        document_id,
        count(*) as form_count
    from printed
    group by document_id

),

claim_counts as (

    select
        document_id,
        count(*) as claim_count
    from claims
    group by document_id

),

described as (

    select
        identities.document_id,
        identities.disclosure_key,
        coalesce(form_counts.form_count, 0) as form_count,
        coalesce(claim_counts.claim_count, 0) as claim_count,
        -- A document without forms is an explanation, whatever it states.
        coalesce(claim_counts.claim_count, 0) > 0 or form_counts.document_id is null as has_explanation
    from identities
    left join form_counts on identities.document_id = form_counts.document_id
    left join claim_counts on identities.document_id = claim_counts.document_id

),

-- What a claim is about, whatever it says of it.
topics as (

    select distinct
        described.disclosure_key,
        claims.document_id,
        {{ canonical_name('claims.subject') }} as subject,
        claims.claim_kind,
        coalesce(claims.phase, '') as phase,
        coalesce(claims.compared_with, '') as compared_with
    from claims
    inner join described on claims.document_id = described.document_id

),

topic_counts as (

    select
        document_id,
        count(*) as topic_count
    from topics
    group by document_id

),

shared as (

    select
        topics.document_id,
        others.document_id as other_document_id,
        count(*) as shared_count
    from topics
    inner join topics as others
        on
            topics.disclosure_key = others.disclosure_key
            and topics.subject = others.subject
            and topics.claim_kind = others.claim_kind
            and topics.phase = others.phase
            and topics.compared_with = others.compared_with
            and topics.document_id <> others.document_id
    group by topics.document_id, others.document_id

),

-- Two explanations are of the same things if half of what the longer one states is stated in the other as well; else they are parts, or
-- one is an excerpt, which takes no other's place.
alike as (

    select
        shared.document_id,
        min(shared.other_document_id) as other_document_id
    from shared
    inner join topic_counts on shared.document_id = topic_counts.document_id
    inner join topic_counts as other_counts on shared.other_document_id = other_counts.document_id
    where 2 * shared.shared_count >= greatest(topic_counts.topic_count, other_counts.topic_count)
    group by shared.document_id

)

select
    described.disclosure_key,
    printed.document_id,
    printed.form_code as part,
    printed.form_code as part_group,
    printed.form_order,
    printed.has_figures,
    cast(described.form_count as integer) as form_count,
    described.has_explanation
from printed
inner join described on printed.document_id = described.document_id

union all

select
    described.disclosure_key,
    described.document_id,
    'explanation' as part,
    'explanation/' || least(described.document_id, coalesce(alike.other_document_id, described.document_id)) as part_group,
    cast(null as integer) as form_order,
    described.claim_count > 0 as has_figures,
    cast(described.form_count as integer) as form_count,
    described.has_explanation
from described
left join alike on described.document_id = alike.document_id
where described.has_explanation
