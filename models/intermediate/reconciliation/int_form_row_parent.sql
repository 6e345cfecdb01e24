with form_rows as (

    select *
    from {{ ref('int_form_row') }}
    where structure = 'coded' and row_code is not null

),

-- The printed row that a row belongs to: the longest printed code that its own begins with. Where a code is printed several
-- times (a list by units), the nearest one above, else the nearest below.
candidates as (

    select
        children.document_id,
        children.form_order,
        children.row_order,
        parents.row_order as parent_row_order,
        row_number() over (
            partition by children.document_id, children.form_order, children.row_order
            order by
                length(parents.row_code) desc,
                case when parents.row_order < children.row_order then 0 else 1 end asc,
                abs(parents.row_order - children.row_order) asc
        ) as choice
    from form_rows as children
    inner join form_rows as parents
        on
            children.document_id = parents.document_id
            and children.form_order = parents.form_order
            and children.row_code like parents.row_code || '_%'

)

select
    form_rows.document_id,
    form_rows.form_order,
    form_rows.form_code,
    form_rows.row_order,
    form_rows.row_code,
    form_rows.classification,
    candidates.parent_row_order
from form_rows
left join candidates
    on
        form_rows.document_id = candidates.document_id
        and form_rows.form_order = candidates.form_order
        and form_rows.row_order = candidates.row_order
        and candidates.choice = 1
