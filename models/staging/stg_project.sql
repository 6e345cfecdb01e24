with source as (

    select * from {{ source('staging', 'project') }}

)

select
    document_id,
    project_order,
    project_name,
    unit_code,
    unit_name,
    conclusion_name,
    cast(budget_execution_score as decimal(12, 4)) as budget_execution_score,
    cast(indicator_score as decimal(12, 4)) as indicator_score,
    cast(total_score as decimal(12, 4)) as total_score,
    grade,
    grade_text,
    first_page,
    last_page
from source
