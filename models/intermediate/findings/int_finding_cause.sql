with suspects as (

    select * from {{ ref('int_finding_suspect') }}

),

-- Where nothing tells several suspects apart, the check is told at the figure that it is about: the sum, not any one of its parts.
ranked as (

    select
        *,
        row_number() over (
            partition by check_key
            order by
                case when suspect_count = 1 then suspicion else 1 end asc,
                preference asc,
                suspicion asc,
                place_key asc
        ) as choice
    from suspects

)

select
    check_key,
    check_name,
    place_key,
    form_code,
    source_page,
    implied,
    broken_count,
    kept_count,
    suspect_count
from ranked
where choice = 1
