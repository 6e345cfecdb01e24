with form_rows as (

    select * from {{ ref('int_form_row') }}

),

patterns as (

    select * from {{ ref('supplementary_line') }}

),

lines as (

    select
        *,
        row_number() over (
            partition by document_id, form_order
            order by row_order
        ) as line_number
    from form_rows
    where structure = 'lines'

),

-- The most exact pattern wins.
matched as (

    select
        lines.document_id,
        lines.form_order,
        lines.row_order,
        patterns.line_code,
        patterns.total_line_code,
        row_number() over (
            partition by lines.document_id, lines.form_order, lines.row_order
            order by length(patterns.pattern) desc, patterns.pattern asc
        ) as choice
    from lines
    inner join patterns
        on
            lines.canonical_label like patterns.pattern
            and lines.form_code = coalesce(patterns.form_code, lines.form_code)

)

select
    lines.document_id,
    lines.form_order,
    lines.row_order,
    lines.disclosure_key,
    lines.is_chosen,
    lines.form_code,
    lines.line_number,
    lines.row_label,
    lines.source_page,
    matched.line_code,
    matched.total_line_code
from lines
left join matched
    on
        lines.document_id = matched.document_id
        and lines.form_order = matched.form_order
        and lines.row_order = matched.row_order
        and matched.choice = 1
