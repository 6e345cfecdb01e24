with lines as (

    select
        *,
        {{ matches(canonical_name('row_label'), '^(其中[：:]|（[一二三四五六七八九十0-9]+）|[0-9]+[、.．])') }} as is_below
    from {{ ref('int_summary_line') }}

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

),

columns_of_which as (

    select * from {{ ref('column_of_which') }}

),

-- The line that 其中：… speaks of is the nearest one above that is not itself a part of another.
placed as (

    select
        document_id,
        form_order,
        row_order,
        role,
        is_below,
        max(case when not is_below then row_order end) over (
            partition by document_id, form_order, side
            order by line_number
            rows between unbounded preceding and 1 preceding
        ) as whole_row_order
    from lines

),

line_pairs as (

    select
        placed.document_id,
        placed.form_order,
        placed.row_order,
        placed.whole_row_order
    from placed
    inner join lines as wholes
        on
            placed.document_id = wholes.document_id
            and placed.form_order = wholes.form_order
            and placed.whole_row_order = wholes.row_order
    where placed.is_below and placed.role = 'of_which' and wholes.role in ('part', 'balance')

),

printed_columns as (

    select distinct
        document_id,
        form_order,
        form_code,
        column_code
    from amounts

),

column_pairs as (

    select
        parts.document_id,
        parts.form_order,
        columns_of_which.part_column,
        columns_of_which.whole_column
    from columns_of_which
    inner join printed_columns as parts
        on
            columns_of_which.form_code = parts.form_code
            and columns_of_which.part_column = parts.column_code
    left join printed_columns as excluding
        on
            parts.document_id = excluding.document_id
            and parts.form_order = excluding.form_order
            and columns_of_which.without_column = excluding.column_code
    where excluding.column_code is null

),

pairs as (

    select
        'line_of_which' as check_name,
        parts.document_id,
        parts.form_order,
        parts.row_order,
        parts.column_code,
        wholes.row_order as whole_row_order,
        wholes.column_code as whole_column_code
    from line_pairs
    inner join amounts as parts
        on
            line_pairs.document_id = parts.document_id
            and line_pairs.form_order = parts.form_order
            and line_pairs.row_order = parts.row_order
    inner join amounts as wholes
        on
            line_pairs.document_id = wholes.document_id
            and line_pairs.form_order = wholes.form_order
            and line_pairs.whole_row_order = wholes.row_order
            and parts.column_code = wholes.column_code
    -- A balance may be negative: then a part of it may be larger.
    where parts.amount >= 0 and wholes.amount >= 0

    union all

    select
        'column_of_which' as check_name,
        parts.document_id,
        parts.form_order,
        parts.row_order,
        parts.column_code,
        wholes.row_order as whole_row_order,
        wholes.column_code as whole_column_code
    from column_pairs
    inner join amounts as parts
        on
            column_pairs.document_id = parts.document_id
            and column_pairs.form_order = parts.form_order
            and column_pairs.part_column = parts.column_code
    inner join amounts as wholes
        on
            parts.document_id = wholes.document_id
            and parts.form_order = wholes.form_order
            and parts.row_order = wholes.row_order
            and column_pairs.whole_column = wholes.column_code
    where parts.amount >= 0 and wholes.amount >= 0

),

terms as (

    select
        document_id,
        form_order,
        check_name,
        row_order as total_row_order,
        column_code as total_column_code,
        'total' as role,
        row_order,
        column_code
    from pairs

    union all

    select
        document_id,
        form_order,
        check_name,
        row_order as total_row_order,
        column_code as total_column_code,
        'part' as role,
        whole_row_order as row_order,
        whole_column_code as column_code
    from pairs

)

select
    terms.document_id,
    terms.form_order,
    terms.check_name,
    1 as variant,
    terms.total_row_order,
    terms.total_column_code,
    terms.role,
    1 as sign,
    terms.row_order,
    terms.column_code,
    amounts.amount,
    amounts.half_unit
from terms
inner join amounts
    on
        terms.document_id = amounts.document_id
        and terms.form_order = amounts.form_order
        and terms.row_order = amounts.row_order
        and terms.column_code = amounts.column_code
