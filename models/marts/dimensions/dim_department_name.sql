with identities as (

    select
        *,
        {{ canonical_name('department_name') }} as canonical_department_name
    from {{ ref('int_document_identity') }}

),

aliases as (

    select
        *,
        {{ canonical_name('department_name') }} as canonical_department_name
    from {{ ref('department_alias') }}

),

published as (

    select
        department_key,
        canonical_department_name,
        max(department_name) as department_name,
        min(fiscal_year) as first_year,
        max(fiscal_year) as last_year,
        count(distinct disclosure_key) as disclosure_count
    from identities
    group by department_key, canonical_department_name

),

-- A name may be known for several periods.
known as (

    select
        department_key,
        canonical_department_name,
        max(department_name) as department_name,
        min(relation) as relation,
        case when count(valid_from_year) = count(*) then min(valid_from_year) end as valid_from_year,
        case when count(valid_to_year) = count(*) then max(valid_to_year) end as valid_to_year,
        {{ join_values('source', '; ') }} as source,
        {{ join_values('reason', '; ') }} as reason
    from aliases
    group by department_key, canonical_department_name

),

loaded as (

    select distinct department_key
    from identities

),

-- Names that no loaded document bears are there as well, if the department is.
names as (

    select
        department_key,
        canonical_department_name
    from published
    union distinct
    select
        known.department_key,
        known.canonical_department_name
    from known
    inner join loaded on known.department_key = loaded.department_key

)

select
    names.department_key,
    coalesce(published.department_name, known.department_name) as department_name,
    published.first_year,
    published.last_year,
    cast(coalesce(published.disclosure_count, 0) as integer) as disclosure_count,
    coalesce(known.relation, 'own') as relation,
    cast(known.valid_from_year as integer) as valid_from_year,
    cast(known.valid_to_year as integer) as valid_to_year,
    known.source,
    known.reason
from names
left join published
    on
        names.department_key = published.department_key
        and names.canonical_department_name = published.canonical_department_name
left join known
    on
        names.department_key = known.department_key
        and names.canonical_department_name = known.canonical_department_name
