with indicators as (

    select * from {{ ref('stg_performance_indicator') }}

),

projects as (

    select * from {{ ref('int_evaluated_project') }}

)

select
    projects.document_id,
    projects.disclosure_key,
    projects.department_key,
    projects.fiscal_year,
    projects.disclosure_kind,
    projects.project_key,
    indicators.indicator_order as indicator_number,
    projects.project_name,
    indicators.level1,
    indicators.level2,
    indicators.indicator,
    indicators.initial_target,
    indicators.adjusted_target,
    indicators.actual,
    indicators.weight,
    indicators.weight_text,
    indicators.score,
    indicators.score_text,
    indicators.deviation_reason,
    indicators.source_page,
    indicators.source_table,
    indicators.source_row
from indicators
inner join projects
    on
        indicators.document_id = projects.document_id
        and indicators.project_order = projects.project_order
