with parts as (

    select * from {{ ref('column_part') }}

),

printed_amounts as (

    select * from {{ ref('int_reported_amount') }}

),

-- Phases may run downwards: then 预算数 is a row label for each measure, and the rows of one label are one row of the form. Not where a
-- measure comes twice under a label, as in a list of units.
repeats as (

    select
        document_id,
        form_order,
        row_label,
        min(row_order) as first_row_order,
        max(repetitions) as repetitions
    from (
        select
            document_id,
            form_order,
            row_label,
            min(row_order) as row_order,
            count(*) as repetitions
        from printed_amounts
        where structure = 'phases'
        group by document_id, form_order, row_label, column_code
    ) as measures
    group by document_id, form_order, row_label

),

amounts as (

    select
        printed_amounts.document_id,
        printed_amounts.form_order,
        printed_amounts.form_code,
        printed_amounts.side,
        case when repeats.repetitions = 1 then repeats.first_row_order else printed_amounts.row_order end as row_order,
        printed_amounts.row_order as term_row_order,
        printed_amounts.column_code,
        printed_amounts.amount,
        printed_amounts.half_unit
    from printed_amounts
    left join repeats
        on
            printed_amounts.document_id = repeats.document_id
            and printed_amounts.form_order = repeats.form_order
            and printed_amounts.row_label = repeats.row_label

),

printed_columns as (

    select distinct
        document_id,
        form_order,
        form_code,
        side,
        column_code
    from amounts

),

forms as (

    select distinct
        document_id,
        form_order,
        form_code,
        side
    from printed_columns

),

-- A check applies to a form (to each side of a summary) that prints enough of the columns that it speaks of.
candidate_parts as (

    select
        forms.document_id,
        forms.form_order,
        forms.side,
        parts.check_name,
        parts.variant,
        parts.total_column,
        parts.part_column,
        parts.sign,
        parts.needs_all,
        parts.with_column,
        parts.without_column,
        printed_columns.column_code is not null as is_printed
    from forms
    inner join parts on forms.form_code = parts.form_code
    left join printed_columns
        on
            forms.document_id = printed_columns.document_id
            and forms.form_order = printed_columns.form_order
            and coalesce(forms.side, '') = coalesce(printed_columns.side, '')
            and parts.part_column = printed_columns.column_code

),

conditions as (

    select
        candidate_parts.document_id,
        candidate_parts.form_order,
        candidate_parts.side,
        candidate_parts.check_name,
        candidate_parts.variant,
        candidate_parts.total_column,
        sum(case when candidate_parts.is_printed then 1 else 0 end) as printed_parts,
        count(*) as all_parts,
        max(case when candidate_parts.needs_all then 1 else 0 end) as needs_all,
        max(case when candidate_parts.with_column is null then 1 else 0 end) as needs_no_column,
        max(case when with_columns.column_code is not null then 1 else 0 end) as has_with_column,
        max(case when without_columns.column_code is not null then 1 else 0 end) as has_without_column
    from candidate_parts
    left join printed_columns as with_columns
        on
            candidate_parts.document_id = with_columns.document_id
            and candidate_parts.form_order = with_columns.form_order
            and coalesce(candidate_parts.side, '') = coalesce(with_columns.side, '')
            and candidate_parts.with_column = with_columns.column_code
    left join printed_columns as without_columns
        on
            candidate_parts.document_id = without_columns.document_id
            and candidate_parts.form_order = without_columns.form_order
            and coalesce(candidate_parts.side, '') = coalesce(without_columns.side, '')
            and candidate_parts.without_column = without_columns.column_code
    group by
        candidate_parts.document_id,
        candidate_parts.form_order,
        candidate_parts.side,
        candidate_parts.check_name,
        candidate_parts.variant,
        candidate_parts.total_column

),

applicable as (

    select *
    from conditions
    where
        printed_parts >= case when needs_all = 1 then all_parts else 1 end
        and (needs_no_column = 1 or has_with_column = 1)
        and has_without_column = 0

)

select
    applicable.document_id,
    applicable.form_order,
    applicable.check_name,
    applicable.variant,
    amounts.row_order as total_row_order,
    applicable.total_column as total_column_code,
    'part' as role,
    candidate_parts.sign,
    amounts.term_row_order as row_order,
    amounts.column_code,
    amounts.amount,
    amounts.half_unit
from applicable
inner join candidate_parts
    on
        applicable.document_id = candidate_parts.document_id
        and applicable.form_order = candidate_parts.form_order
        and coalesce(applicable.side, '') = coalesce(candidate_parts.side, '')
        and applicable.check_name = candidate_parts.check_name
        and applicable.variant = candidate_parts.variant
inner join amounts
    on
        candidate_parts.document_id = amounts.document_id
        and candidate_parts.form_order = amounts.form_order
        and coalesce(candidate_parts.side, '') = coalesce(amounts.side, '')
        and candidate_parts.part_column = amounts.column_code

union all

select
    applicable.document_id,
    applicable.form_order,
    applicable.check_name,
    applicable.variant,
    amounts.row_order as total_row_order,
    applicable.total_column as total_column_code,
    'total' as role,
    1 as sign,
    amounts.term_row_order as row_order,
    amounts.column_code,
    amounts.amount,
    amounts.half_unit
from applicable
inner join amounts
    on
        applicable.document_id = amounts.document_id
        and applicable.form_order = amounts.form_order
        and coalesce(applicable.side, '') = coalesce(amounts.side, '')
        and applicable.total_column = amounts.column_code
