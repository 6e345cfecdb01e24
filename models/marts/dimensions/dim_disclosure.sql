with identities as (

    select * from {{ ref('int_document_identity') }}

),

-- Of several files of one disclosure the one loaded last says how the department is called.
ranked as (

    select
        *,
        count(*) over (partition by disclosure_key) as document_count,
        max(region) over (partition by disclosure_key) as known_region,
        row_number() over (
            partition by disclosure_key
            order by loaded_at desc, document_id asc
        ) as choice
    from identities

)

select
    disclosure_key,
    department_key,
    department_name,
    fiscal_year,
    disclosure_kind,
    reporting_scope,
    coalesce(region, known_region) as region,
    is_simulated,
    cast(document_count as integer) as document_count
from ranked
where choice = 1
