-- Years from which a class that the department prints has another name, or exists at all.
with printed as (
    select department_key, class_code, min(fiscal_year) as first_year, max(fiscal_year) as last_year
    from marts.fct_expenditure_by_class
    group by department_key, class_code
),

departments as (
    select department_key, min(fiscal_year) as first_year, max(fiscal_year) as last_year from marts.dim_disclosure
    group by department_key
),

classes as (select * from marts.dim_functional_classification where level = 'class' and status = 'standard'),

breaks as (
    select distinct
        printed.department_key, classes.valid_from_year, printed.class_code, before.name as name_before, classes.name, classes.note
    from printed
    inner join departments on printed.department_key = departments.department_key
    inner join classes
        on printed.class_code = classes.code and classes.valid_from_year > departments.first_year
        and classes.valid_from_year <= departments.last_year
    left join classes as before on classes.code = before.code and classes.valid_from_year = before.valid_to_year + 1
)

select * from breaks
where $scope
order by department_key, valid_from_year, class_code
