{#- What the metrics are made from, for dbt, which sees it in no other place of this file. -#}
-- depends_on: {{ ref('fct_year_over_year') }}
-- depends_on: {{ ref('fct_expenditure_by_class') }}
-- depends_on: {{ ref('fct_stated_staff') }}
with departments as (

    select * from {{ ref('dim_department') }}

),

definitions as (

    select * from {{ ref('dim_metric') }}

),

metrics as (

    {{ all_metric_rows() }}

)

select
    metrics.metric,
    metrics.department_key,
    metrics.fiscal_year,
    metrics.reporting_scope,
    metrics.disclosure_kind,
    metrics.classification_code,
    metrics.value,
    definitions.unit,
    metrics.numerator,
    metrics.denominator,
    metrics.reason,
    metrics.disclosure_key,
    metrics.document_id,
    metrics.source_page,
    departments.is_simulated
from metrics
inner join definitions on metrics.metric = definitions.metric
inner join departments on metrics.department_key = departments.department_key
