-- Expenditure by functional class over the years, with the name of the class as printed.
with metrics as (select * from marts.fct_metric where metric = 'class_expenditure'),
printed as (select * from marts.fct_expenditure_by_class),

classes as (
    select
        metrics.department_key,
        metrics.fiscal_year,
        metrics.reporting_scope,
        metrics.disclosure_kind,
        metrics.classification_code,
        printed.printed_name,
        metrics.value,
        metrics.disclosure_key,
        metrics.source_page
    from metrics
    left join printed on metrics.disclosure_key = printed.disclosure_key and metrics.classification_code = printed.class_code
)

select * from classes
where $scope
order by department_key, reporting_scope, classification_code, fiscal_year, disclosure_kind
