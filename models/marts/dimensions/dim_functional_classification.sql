with codes as (

    select * from {{ ref('int_functional_code') }}

)

select
    code,
    name,
    level,
    parent_code,
    class_code,
    cast(valid_from_year as integer) as valid_from_year,
    cast(valid_to_year as integer) as valid_to_year,
    status,
    source,
    note
from codes
