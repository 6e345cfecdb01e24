-- When was one of the departments renamed, or made of others? Years before are under another name, or another department's.
select
    valid_to_year + 1 as fiscal_year,
    department_key,
    department_name as earlier_name,
    relation
from marts.dim_department_name
where
    relation = 'renamed'
    and valid_to_year is not null
    and department_key in $departments

union all

select
    names.valid_to_year + 1,
    departments.successor_department_key,
    departments.department_name,
    names.relation
from marts.dim_department as departments
inner join marts.dim_department_name as names on departments.department_key = names.department_key
where
    names.relation = 'merged'
    and names.valid_to_year is not null
    and departments.successor_department_key in $departments
order by fiscal_year, department_key, earlier_name
