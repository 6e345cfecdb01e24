with claims as (

    select * from {{ ref('stg_claim') }}

),

sentences as (

    select * from {{ ref('int_prose_sentence') }}

),

claim_projects as (

    select * from {{ ref('int_claim_project') }}

),

projects as (

    select * from {{ ref('int_evaluated_project') }}

),

-- 每个项目绩效自评结果如下：…
announced as (

    select
        document_id,
        section,
        min(edition_key) as edition_key,
        min(sentence_order) as sentence_order
    from sentences
    where {{ matches('folded', '(每个|各个?|所有|全部)项目[^，。；]{0,16}如下') }}
    group by document_id, section

),

-- How many projects there are, said before; a section that counts several kinds of them is left alone.
said as (

    select
        announced.document_id,
        announced.section,
        announced.edition_key,
        announced.sentence_order,
        claims.claim_order,
        claims.value,
        count(*) over (partition by announced.document_id, announced.section) as said_count
    from announced
    inner join sentences
        on
            announced.document_id = sentences.document_id
            and announced.section = sentences.section
            and announced.sentence_order > sentences.sentence_order
    inner join claims
        on
            sentences.document_id = claims.document_id
            and sentences.sentence_order = claims.sentence_order
    where
        claims.claim_kind = 'count'
        and claims.measure = 'evaluated_projects'
        and claims.value > 0
        -- Those with one grade are some of them.
        and not {{ matches('claims.subject', '优|良|中|差|合格|等级') }}

),

described as (

    select distinct
        said.document_id,
        said.claim_order,
        said.edition_key,
        claim_projects.project_key
    from said
    inner join sentences
        on
            said.document_id = sentences.document_id
            and said.section = sentences.section
            and said.sentence_order < sentences.sentence_order
    inner join claims
        on
            sentences.document_id = claims.document_id
            and sentences.sentence_order = claims.sentence_order
    inner join claim_projects
        on
            claims.document_id = claim_projects.document_id
            and claims.claim_order = claim_projects.claim_order
    where claims.claim_kind = 'amount' and claims.unit = '分' and said.said_count = 1

),

reported as (

    select
        said.document_id,
        said.claim_order,
        count(distinct projects.project_key) as report_count,
        count(distinct described.project_key) as described_count,
        {{ join_values('case when described.project_key is null then projects.project_name end', '、') }} as not_described
    from said
    inner join projects on said.edition_key = projects.disclosure_key
    left join described
        on
            said.document_id = described.document_id
            and said.claim_order = described.claim_order
            and projects.project_key = described.project_key
    group by said.document_id, said.claim_order

),

judged as (

    select
        said.document_id,
        said.claim_order,
        said.value,
        reported.described_count,
        reported.report_count,
        reported.not_described,
        case
            when reported.described_count = said.value then 'consistent'
            -- As many reports as the text counts: what is not described is missing, not secret.
            when reported.report_count = said.value and reported.described_count > 0 then 'inconsistent'
            else 'not_evaluated'
        end as status
    from said
    inner join reported
        on
            said.document_id = reported.document_id
            and said.claim_order = reported.claim_order
    where said.said_count = 1

)

select
    document_id,
    claim_order,
    'projects_described' as check_name,
    cast(value as decimal(24, 6)) as reported,
    cast(described_count as decimal(24, 6)) as expected,
    cast(value - described_count as decimal(24, 6)) as difference,
    cast(0 as decimal(24, 6)) as tolerance,
    status,
    case when status = 'inconsistent' then 'material' end as severity,
    'the text counts ' || {{ as_text('cast(value as decimal(20, 0))') }} || ' projects and says that it describes each; it describes '
    || {{ as_text('described_count') }}
    || case when status = 'inconsistent' then ': ' || not_described || ' is missing' else '' end as reason,
    {{ as_text('null') }} as other_key
from judged
