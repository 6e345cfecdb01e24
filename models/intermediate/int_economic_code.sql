with known as (

    select * from {{ ref('economic_classification') }}

),

printed as (

    select * from {{ ref('int_printed_economic_code') }}

),

-- One name for a code and year that the seed does not know: the one printed most often.
ranked as (

    select
        code,
        name,
        fiscal_year,
        row_number() over (
            partition by code, fiscal_year
            order by row_count desc, name asc
        ) as choice
    from printed
    where finding = 'unknown'

),

-- Consecutive years with the same name become one period.
runs as (

    select
        code,
        name,
        fiscal_year,
        fiscal_year - row_number() over (
            partition by code, name
            order by fiscal_year
        ) as run
    from ranked
    where choice = 1

),

observed as (

    select
        code,
        name,
        min(fiscal_year) as valid_from_year,
        max(fiscal_year) as valid_to_year
    from runs
    group by code, name, run

)

select
    code,
    name,
    level,
    parent_code,
    {{ class_code('code') }} as class_code,
    valid_from_year,
    valid_to_year,
    'standard' as status,
    source,
    note
from known

union all

select
    code,
    name,
    {{ economic_level('code') }} as level,
    {{ parent_code('code') }} as parent_code,
    {{ class_code('code') }} as class_code,
    valid_from_year,
    valid_to_year,
    'observed' as status,
    'printed in loaded documents' as source,
    {{ as_text('null') }} as note
from observed
