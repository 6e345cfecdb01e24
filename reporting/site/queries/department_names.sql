-- Names of a department, with the years in which it published under each and what is known of the name.
with names as (
    select
        department_key, department_name, first_year, last_year, disclosure_count, relation, valid_from_year, valid_to_year, reason
    from marts.dim_department_name
)

select * from names
where $scope
order by department_key, first_year nulls last, valid_from_year nulls last, department_name
