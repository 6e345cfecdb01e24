with claims as (

    select * from {{ ref('stg_claim') }}

),

sentences as (

    select * from {{ ref('stg_sentence') }}

),

projects as (

    select * from {{ ref('int_evaluated_project') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

-- The conclusion may call a project otherwise than the head of its report.
names as (

    select
        disclosure_key,
        project_key,
        {{ canonical_name('project_name') }} as name
    from projects

    union

    select
        disclosure_key,
        project_key,
        {{ canonical_name('conclusion_name') }} as name
    from projects
    where conclusion_name is not null

),

spoken as (

    select
        claims.document_id,
        claims.claim_order,
        identities.edition_key,
        {{ canonical_name('claims.subject') }} as subject,
        {{ canonical_name('sentences.section') }} as section
    from claims
    inner join sentences
        on
            claims.document_id = sentences.document_id
            and claims.sentence_order = sentences.sentence_order
    inner join identities on claims.document_id = identities.document_id

),

-- A sentence of a report under the name of its project, or a subject that begins with the name where the prose speaks of 绩效.
candidates as (

    select distinct
        spoken.document_id,
        spoken.claim_order,
        names.project_key,
        length(names.name) as name_length
    from spoken
    inner join names on spoken.edition_key = names.disclosure_key
    where
        spoken.section || ' ' like '%项目名称：' || names.name || '/%'
        or (
            {{ matches('spoken.section', '绩效|自评') }}
            and substring(spoken.subject, 1, length(names.name)) = names.name
        )

),

-- Where one name begins with another (云桌面, 云桌面服务费) the longer one is meant; two projects of one name stay undecided.
ranked as (

    select
        *,
        max(name_length) over (partition by document_id, claim_order) as longest
    from candidates

)

select
    document_id,
    claim_order,
    min(project_key) as project_key
from ranked
where name_length = longest
group by document_id, claim_order
having count(distinct project_key) = 1
