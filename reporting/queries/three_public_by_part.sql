-- The three public expenses (“三公”经费) of some departments by part, as each disclosure prints them for its own year.
select
    department_key,
    fiscal_year,
    measure_group as measure,
    amount
from marts.fct_year_over_year
where
    department_key in $departments
    and disclosure_kind = $disclosure_kind
    and reporting_scope = $reporting_scopes[list_position($departments, department_key)]
    and measure_group in ('overseas_travel', 'vehicle_purchase', 'vehicle_operation', 'official_reception')
    and amount is not null
order by
    list_position($departments, department_key),
    list_position(['overseas_travel', 'vehicle_purchase', 'vehicle_operation', 'official_reception'], measure_group),
    fiscal_year
