-- Metrics over the years; those by class are in a table of their own.
with measured as (
    select
        metrics.department_key,
        metrics.fiscal_year,
        metrics.reporting_scope,
        metrics.disclosure_kind,
        metrics.metric,
        metrics.value,
        metrics.unit,
        metrics.reason,
        metrics.disclosure_key,
        metrics.source_page
    from marts.fct_metric as metrics
    where metrics.classification_code is null
)

select * from measured
where $scope
order by department_key, reporting_scope, metric, disclosure_kind nulls first, fiscal_year
