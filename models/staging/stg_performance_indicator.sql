with source as (

    select * from {{ source('staging', 'performance_indicator') }}

)

select
    document_id,
    project_order,
    indicator_order,
    level1,
    level2,
    indicator,
    initial_target,
    adjusted_target,
    actual,
    weight_text,
    cast(weight as decimal(12, 4)) as weight,
    score_text,
    cast(score as decimal(12, 4)) as score,
    deviation_reason,
    source_page,
    source_table,
    source_row
from source
