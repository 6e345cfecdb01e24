with projects as (

    select * from {{ ref('int_evaluated_project') }}

),

executions as (

    select * from {{ ref('stg_project_execution') }}

),

indicators as (

    select * from {{ ref('stg_performance_indicator') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by document_id, project_order
            order by execution_order
        ) as choice
    from executions
    where funding_code = 'total'

),

indicator_counts as (

    select
        document_id,
        project_order,
        count(*) as indicator_count
    from indicators
    group by document_id, project_order

)

select
    projects.document_id,
    projects.disclosure_key,
    projects.department_key,
    projects.fiscal_year,
    projects.disclosure_kind,
    projects.project_key,
    projects.project_name,
    projects.conclusion_name,
    projects.unit_code,
    projects.unit_name,
    totals.funding_source,
    totals.initial_declared_amount,
    totals.initial_budget_amount,
    totals.full_year_budget_amount,
    totals.executed_amount,
    totals.carryover_amount,
    totals.unit,
    totals.execution_rate,
    coalesce(totals.score, projects.budget_execution_score) as execution_score,
    projects.budget_execution_score as stated_execution_score,
    projects.indicator_score,
    projects.total_score,
    projects.grade,
    projects.grade_text,
    cast(coalesce(indicator_counts.indicator_count, 0) as integer) as indicator_count,
    projects.first_page,
    projects.last_page,
    coalesce(totals.source_page, projects.first_page) as source_page,
    totals.source_table,
    totals.source_row
from projects
left join ranked as totals
    on
        projects.document_id = totals.document_id
        and projects.project_order = totals.project_order
        and totals.choice = 1
left join indicator_counts
    on
        projects.document_id = indicator_counts.document_id
        and projects.project_order = indicator_counts.project_order
