with identities as (

    select * from {{ ref('int_document_identity') }}

),

aliases as (

    select * from {{ ref('department_alias') }}

),

publications as (

    select * from {{ ref('int_document_publication') }}

),

ranked as (

    select
        identities.*,
        min(identities.fiscal_year) over (partition by identities.department_key) as first_year,
        max(identities.fiscal_year) over (partition by identities.department_key) as last_year,
        max(identities.region) over (partition by identities.department_key) as known_region,
        row_number() over (
            partition by identities.department_key
            order by
                identities.fiscal_year desc,
                identities.reporting_scope asc,
                publications.first_seen_at desc,
                identities.document_id asc
        ) as choice
    from identities
    inner join publications on identities.document_id = publications.document_id

),

successions as (

    select
        department_key,
        max(successor_key) as successor_department_key,
        max(parent_key) as parent_department_key
    from aliases
    group by department_key

)

select
    ranked.department_key,
    ranked.department_name,
    coalesce(ranked.region, ranked.known_region) as region,
    successions.parent_department_key,
    successions.successor_department_key,
    ranked.first_year,
    ranked.last_year,
    ranked.is_simulated
from ranked
left join successions on ranked.department_key = successions.department_key
where ranked.choice = 1
