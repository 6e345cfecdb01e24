{%- set amounts = ['initial_declared', 'initial_budget', 'full_year_budget', 'executed', 'carryover'] -%}

with executions as (

    select * from {{ ref('stg_project_execution') }}

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
    executions.execution_order as execution_number,
    projects.project_name,
    executions.funding_source,
    executions.funding_code,
    {%- for name in amounts %}
        executions.{{ name }}_amount,
        executions.{{ name }}_half_unit,
        executions.{{ name }}_text,
    {%- endfor %}
    executions.unit,
    executions.weight,
    executions.execution_rate,
    executions.execution_rate_text,
    executions.score,
    executions.source_page,
    executions.source_table,
    executions.source_row
from executions
inner join projects
    on
        executions.document_id = projects.document_id
        and executions.project_order = projects.project_order
