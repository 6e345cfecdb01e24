with places as (

    select * from {{ ref('int_finding_place') }}

),

broken_places as (

    select *
    from places
    where status = 'inconsistent'

),

suspects as (

    select distinct place_key
    from broken_places

),

-- What speaks against a figure and what speaks for it.
evidence as (

    select
        places.place_key,
        sum(case when places.status = 'inconsistent' then 1 else 0 end) as broken_count,
        sum(case when places.status = 'consistent' and places.is_evidence then 1 else 0 end) as kept_count
    from places
    inner join suspects on places.place_key = suspects.place_key
    group by places.place_key

),

-- Each broken check suspects the figures of whose checks the greatest part is broken. One check alone proves less than two that agree:
-- so one is added to the checks of each.
weighed as (

    select
        broken_places.check_key,
        broken_places.check_name,
        broken_places.place_key,
        broken_places.form_code,
        broken_places.source_page,
        broken_places.preference,
        broken_places.implied,
        cast(evidence.broken_count as integer) as broken_count,
        cast(evidence.kept_count as integer) as kept_count,
        rank() over (
            partition by broken_places.check_key
            order by
                cast(evidence.broken_count as double) / (evidence.broken_count + evidence.kept_count + 1) desc,
                evidence.broken_count desc
        ) as suspicion
    from broken_places
    inner join evidence on broken_places.place_key = evidence.place_key

)

select
    *,
    cast(sum(case when suspicion = 1 then 1 else 0 end) over (partition by check_key) as integer) as suspect_count
from weighed
