with identities as (

    select * from {{ ref('int_document_identity') }}

),

aliases as (

    select * from {{ ref('department_alias') }}

),

ranked as (

    select
        *,
        min(fiscal_year) over (partition by department_key) as first_year,
        max(fiscal_year) over (partition by department_key) as last_year,
        max(region) over (partition by department_key) as known_region,
        row_number() over (
            partition by department_key
            order by fiscal_year desc, reporting_scope asc, loaded_at desc, document_id asc
        ) as choice
    from identities

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
