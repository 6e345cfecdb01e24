with identities as (

    select * from {{ ref('int_document_edition') }}

),

publications as (

    select * from {{ ref('int_document_publication') }}

),

-- Of several files of one disclosure a current one says how the department is called, of these the one seen last.
ranked as (

    select
        identities.*,
        count(*) over (partition by identities.disclosure_key) as document_count,
        count(case when identities.is_current then 1 end) over (partition by identities.disclosure_key) as current_document_count,
        max(identities.region) over (partition by identities.disclosure_key) as known_region,
        row_number() over (
            partition by identities.disclosure_key
            order by
                case when identities.is_current then 1 else 2 end asc,
                publications.first_seen_at desc,
                identities.document_id asc
        ) as choice
    from identities
    inner join publications on identities.document_id = publications.document_id

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
    cast(document_count as integer) as document_count,
    cast(document_count - current_document_count as integer) as superseded_document_count
from ranked
where choice = 1
