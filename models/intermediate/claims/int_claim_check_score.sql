with claims as (

    select * from {{ ref('stg_claim') }}

),

claim_projects as (

    select * from {{ ref('int_claim_project') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

projects as (

    select * from {{ ref('int_evaluated_project') }}

),

stated as (

    select
        claims.document_id,
        claims.claim_order,
        claims.value,
        projects.project_name,
        projects.first_page,
        case
            when {{ matches('claims.subject', '预算执行(情况)?得分$') }} then projects.budget_execution_score
            when {{ matches('claims.subject', '指标(完成情况)?得分$') }} then projects.indicator_score
            when {{ matches('claims.subject', '总(得)?分$') }} then projects.total_score
        end as score
    from claims
    inner join claim_projects
        on
            claims.document_id = claim_projects.document_id
            and claims.claim_order = claim_projects.claim_order
    inner join identities on claims.document_id = identities.document_id
    inner join projects
        on
            identities.edition_key = projects.disclosure_key
            and claim_projects.project_key = projects.project_key
    where claims.claim_kind = 'amount' and claims.unit = '分'

)

select
    document_id,
    claim_order,
    'score_in_report' as check_name,
    cast(value as decimal(24, 6)) as reported,
    cast(score as decimal(24, 6)) as expected,
    cast(value - score as decimal(24, 6)) as difference,
    cast(0 as decimal(24, 6)) as tolerance,
    case when value = score then 'consistent' else 'inconsistent' end as status,
    case when value = score then {{ as_text('null') }} else 'material' end as severity,
    'the text says ' || {{ as_text('cast(value as decimal(12, 2))') }} || ' 分, the report of ' || project_name || ' (page '
    || {{ as_text('first_page') }} || ') ' || {{ as_text('cast(score as decimal(12, 2))') }} as reason,
    {{ as_text('null') }} as other_key
from stated
where score is not null
