-- Metrics of some departments over the years. A metric that compares a final account with its budget has no kind of its own.
select
    metrics.metric,
    definitions.label_zh,
    definitions.label_en,
    metrics.unit,
    metrics.department_key,
    metrics.fiscal_year,
    metrics.disclosure_kind,
    metrics.value as amount,
    metrics.numerator,
    metrics.denominator,
    metrics.reason
from marts.fct_metric as metrics
inner join marts.dim_metric as definitions on metrics.metric = definitions.metric
where
    metrics.department_key in $departments
    and metrics.metric in $metrics
    and metrics.reporting_scope = $reporting_scopes[list_position($departments, metrics.department_key)]
    and coalesce(metrics.disclosure_kind, $disclosure_kind) = $disclosure_kind
    and metrics.classification_code is null
order by
    list_position($metrics, metrics.metric),
    list_position($departments, metrics.department_key),
    metrics.fiscal_year
