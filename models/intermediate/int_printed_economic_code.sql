with form_rows as (

    select * from {{ ref('int_form_row') }}

),

known as (

    select * from {{ ref('economic_classification') }}

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
    where classification = 'economic' and row_code is not null and row_label <> ''
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
