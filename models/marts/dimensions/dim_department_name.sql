with identities as (

    select * from {{ ref('int_document_identity') }}

)

select
    department_key,
    department_name,
    min(fiscal_year) as first_year,
    max(fiscal_year) as last_year,
    cast(count(distinct disclosure_key) as integer) as disclosure_count
from identities
group by department_key, department_name
