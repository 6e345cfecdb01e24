{%- set amounts = ['initial_declared', 'initial_budget', 'full_year_budget', 'executed', 'carryover'] -%}

with source as (

    select * from {{ source('staging', 'project_execution') }}

)

select
    document_id,
    project_order,
    execution_order,
    funding_source,
    funding_code,
    {%- for name in amounts %}
        {{ to_yuan(name, 'unit') }} as {{ name }}_amount,
        case
            when {{ name }} is not null then {{ half_unit(printed_decimals(name ~ '_text'), 'unit') }}
        end as {{ name }}_half_unit,
        {{ name }}_text,
    {%- endfor %}
    unit,
    cast(weight as decimal(12, 4)) as weight,
    cast(execution_rate as decimal(12, 4)) as execution_rate,
    execution_rate_text,
    cast(score as decimal(12, 4)) as score,
    source_page,
    source_table,
    source_row
from source
