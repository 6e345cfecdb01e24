with amounts as (

    select *
    from {{ ref('int_reported_amount') }}
    where is_judged

),

summary_lines as (

    select * from {{ ref('int_summary_line') }}

),

other_lines as (

    select * from {{ ref('int_supplementary_line') }}

),

named as (

    select
        amounts.edition_key,
        amounts.document_id,
        amounts.form_code,
        amounts.form_order,
        amounts.row_order,
        amounts.side,
        amounts.column_code,
        amounts.amount,
        amounts.half_unit,
        case
            when amounts.structure = 'coded' then amounts.row_code
            when amounts.structure = 'summary' then summary_lines.functional_code
        end as row_code,
        case
            when amounts.structure = 'coded' then coalesce('code:' || amounts.row_code, {{ total_row_kind('amounts.canonical_label') }})
            when amounts.structure = 'summary'
                then coalesce('code:' || summary_lines.functional_code, 'line:' || summary_lines.line_code)
            when amounts.structure = 'lines' then 'line:' || other_lines.line_code
            -- 预算数 may be what was approved at first or what the year made of it: only the header can tell.
            when amounts.structure = 'phases' and amounts.row_label = 'budget' and amounts.column_header like '%年初预算%'
                then 'phase:initial_budget'
            when amounts.structure = 'phases' then 'phase:' || amounts.row_label
        end as row_key
    from amounts
    left join summary_lines
        on
            amounts.document_id = summary_lines.document_id
            and amounts.form_order = summary_lines.form_order
            and amounts.row_order = summary_lines.row_order
    left join other_lines
        on
            amounts.document_id = other_lines.document_id
            and amounts.form_order = other_lines.form_order
            and amounts.row_order = other_lines.row_order

)

select
    edition_key,
    document_id,
    form_code,
    form_order,
    row_order,
    coalesce(side, '') as side,
    row_key,
    row_code,
    column_code,
    amount,
    half_unit,
    -- A form that lists units prints a code or a total for each of them: which one is meant is not known.
    count(*) over (
        partition by edition_key, form_code, coalesce(side, ''), row_key, column_code
    ) = 1 as is_only
from named
where row_key is not null
