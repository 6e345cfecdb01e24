with codes as (

    select * from {{ ref('int_economic_code') }}

)

select
    code,
    name,
    level,
    parent_code,
    class_code,
    case when class_code in ('301', '303') then 'personnel' else 'operating' end as expense_group,
    cast(valid_from_year as integer) as valid_from_year,
    cast(valid_to_year as integer) as valid_to_year,
    status,
    source,
    note
from codes
