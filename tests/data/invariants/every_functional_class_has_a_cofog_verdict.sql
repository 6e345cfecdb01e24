-- In every year in which a class is valid it has a division of COFOG, or a row that says that it has none; a division has one name.
with classes as (

    select
        code,
        coalesce(valid_from_year, 0) as first_year,
        coalesce(valid_to_year, 9999) as last_year
    from {{ ref('functional_classification') }}
    where level = 'class'

),

bounds as (

    select
        code,
        first_year as fiscal_year
    from classes

    union all

    select
        code,
        last_year as fiscal_year
    from classes

),

mapping as (

    select * from {{ ref('functional_class_cofog') }}

),

unanswered as (

    select
        bounds.code,
        bounds.fiscal_year
    from bounds
    left join mapping
        on
            bounds.code = mapping.functional_class
            and {{ valid_in('bounds.fiscal_year', 'mapping.valid_from_year', 'mapping.valid_to_year') }}
    where mapping.functional_class is null

),

named_twice as (

    select cofog_code
    from mapping
    group by cofog_code
    having count(distinct cofog_name) > 1

)

select
    code as place,
    'no verdict in ' || fiscal_year as problem
from unanswered

union all

select
    cofog_code as place,
    'two names' as problem
from named_twice

union all

select
    functional_class as place,
    'a division and its name, or neither; approximate where others are named' as problem
from mapping
where
    (cofog_code is null) <> (cofog_name is null)
    or (cofog_code is null) <> (is_approximate is null)
    or coalesce(is_approximate, false) <> (also_cofog_codes is not null)
