-- In which years did functional classes change their names?
select
    later.valid_from_year as fiscal_year,
    later.code,
    earlier.name as earlier_name,
    later.name as later_name
from marts.dim_functional_classification as later
inner join marts.dim_functional_classification as earlier
    on later.code = earlier.code and earlier.valid_to_year = later.valid_from_year - 1
where
    later.code in $codes
    and later.name <> earlier.name
order by later.valid_from_year, later.code
