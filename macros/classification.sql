{#
    The functional and the economic classification are kept in the same way; what differs is their seed and how a code tells its level.
#}

{#- Each code with each name that documents print for it in a year, and what the seed says of it: known, other_name or unknown. -#}
{% macro printed_codes(classification, seed, form_rows) -%}
with form_rows as (

    select * from {{ form_rows }}

),

known as (

    select * from {{ seed }}

),

printed as (

    select
        row_code as code,
        row_label as name,
        {{ canonical_name('row_label') }} as canonical_name,
        fiscal_year,
        min(document_id) as document_id,
        count(distinct document_id) as document_count,
        count(*) as row_count
    from form_rows
    where classification = '{{ classification }}' and row_code is not null and row_label <> ''
    group by row_code, row_label, {{ canonical_name('row_label') }}, fiscal_year

)

select
    printed.code,
    printed.name,
    printed.canonical_name,
    printed.fiscal_year,
    printed.document_id,
    printed.document_count,
    printed.row_count,
    known.name as known_name,
    case
        when known.code is null then 'unknown'
        when {{ canonical_name('known.name') }} <> printed.canonical_name then 'other_name'
        else 'known'
    end as finding
from printed
left join known
    on
        printed.code = known.code
        and {{ valid_in('printed.fiscal_year', 'known.valid_from_year', 'known.valid_to_year') }}
{%- endmacro %}

{#- The codes of the seed, and after them those that documents print and the seed does not know, under the names they print. -#}
{% macro codes_with_observed(seed, printed_codes, level) -%}
with known as (

    select * from {{ seed }}

),

printed as (

    select * from {{ printed_codes }}

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
    {{ level }} as level,
    {{ parent_code('code') }} as parent_code,
    {{ class_code('code') }} as class_code,
    valid_from_year,
    valid_to_year,
    'observed' as status,
    'printed in loaded documents' as source,
    {{ as_text('null') }} as note
from observed
{%- endmacro %}

{#- A name of a classification as prose and forms share it: 教育支出 and 教育 are one. -#}
{% macro bare_name(expression) -%}
    {{ replace_all(canonical_name(expression), '[、，]|(支出)?(科目)?$', '') }}
{%- endmacro %}
