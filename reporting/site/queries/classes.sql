-- Expenditure by functional class over the years, with the name of the class in that year and as printed.
-- Where the classification has no name for the year it is the printed one without its number, 七、.
with metrics as (select * from marts.fct_metric where metric = 'class_expenditure'),
printed as (select * from marts.fct_expenditure_by_class),

named as (
    select code, name, valid_from_year, valid_to_year from marts.dim_functional_classification
    where level = 'class' and status = 'standard'
),

classes as (
    select
        metrics.department_key,
        metrics.fiscal_year,
        metrics.reporting_scope,
        metrics.disclosure_kind,
        metrics.classification_code,
        coalesce(named.name, regexp_replace(printed.printed_name, '^[一二三四五六七八九十]+、\s*', '')) as name,
        printed.printed_name,
        metrics.value,
        metrics.disclosure_key,
        metrics.source_page
    from metrics
    left join printed on metrics.disclosure_key = printed.disclosure_key and metrics.classification_code = printed.class_code
    left join named
        on metrics.classification_code = named.code
        and metrics.fiscal_year between coalesce(named.valid_from_year, 0) and coalesce(named.valid_to_year, 9999)
)

select * from classes
where $scope
order by department_key, reporting_scope, classification_code, fiscal_year, disclosure_kind
