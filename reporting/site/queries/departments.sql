-- Departments and units, with what they belong to and what they became.
with departments as (select * from marts.dim_department),

named as (
    select
        departments.department_key,
        departments.department_name,
        departments.region,
        departments.first_year,
        departments.last_year,
        departments.is_simulated,
        departments.parent_department_key,
        parents.department_name as parent_name,
        departments.successor_department_key,
        successors.department_name as successor_name
    from departments
    left join marts.dim_department as parents on departments.parent_department_key = parents.department_key
    left join marts.dim_department as successors on departments.successor_department_key = successors.department_key
)

select * from named
where $scope
order by region nulls last, department_name, department_key
