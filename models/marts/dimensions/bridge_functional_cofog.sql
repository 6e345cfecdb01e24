with mapping as (

    select * from {{ ref('functional_class_cofog') }}

)

select
    functional_class,
    cast(valid_from_year as integer) as valid_from_year,
    cast(valid_to_year as integer) as valid_to_year,
    cofog_code,
    cofog_name,
    is_approximate,
    also_cofog_codes,
    caveat,
    source
from mapping
