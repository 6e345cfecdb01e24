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

keyed as (

    select
        amounts.edition_key,
        amounts.document_id,
        amounts.form_code,
        amounts.side,
        amounts.column_code,
        amounts.row_code,
        amounts.row_label,
        amounts.amount,
        amounts.half_unit,
        amounts.source_page,
        {{ cell_key('amounts') }} as cell_key,
        case
            when amounts.structure = 'coded' and amounts.row_code is not null then 'code:' || amounts.row_code
            when amounts.structure = 'coded' then {{ total_row_kind('amounts.canonical_label') }}
            when amounts.structure = 'summary' and summary_lines.functional_code is not null
                then 'code:' || summary_lines.functional_code
            when amounts.structure = 'summary' then 'line:' || summary_lines.line_code
            when amounts.structure = 'phases' then 'phase:' || amounts.row_label
            when amounts.structure = 'lines' then 'line:' || other_lines.line_code
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

),

-- Where the totals of 人员经费 and 公用经费 are not printed, they are the sums of their classes.
class_sums as (

    select
        edition_key,
        min(document_id) as document_id,
        form_code,
        side,
        column_code,
        {{ as_text('null') }} as row_code,
        case when substring(row_code, 1, 3) in ('301', '303') then '301 + 303' else 'other classes' end as row_label,
        cast(sum(amount) as decimal(20, 2)) as amount,
        cast(sum(half_unit) as decimal(20, 6)) as half_unit,
        min(source_page) as source_page,
        -- A sum of cells is no cell.
        {{ as_text('null') }} as cell_key,
        case when substring(row_code, 1, 3) in ('301', '303') then 'personnel_total' else 'operating_total' end as row_key
    from keyed
    where
        form_code in ('general_budget_economic', 'appropriation_economic')
        and length(row_code) = 3
    group by
        edition_key,
        form_code,
        side,
        column_code,
        case when substring(row_code, 1, 3) in ('301', '303') then '301 + 303' else 'other classes' end,
        case when substring(row_code, 1, 3) in ('301', '303') then 'personnel_total' else 'operating_total' end

),

-- 三公 without 会议费 and 培训费: the total, unless the form prints those beside it; then the subtotal or the sum of the parts.
three_public_rows as (

    select
        edition_key,
        min(document_id) as document_id,
        form_code,
        row_label,
        row_key,
        min(source_page) as source_page,
        max(case when column_code = 'total' then amount end) as total,
        max(case when column_code = 'total' then cell_key end) as total_cell_key,
        max(case when column_code = 'total' then half_unit end) as total_half_unit,
        max(case when column_code = 'three_public_subtotal' then amount end) as subtotal,
        max(case when column_code = 'three_public_subtotal' then cell_key end) as subtotal_cell_key,
        max(case when column_code = 'three_public_subtotal' then half_unit end) as subtotal_half_unit,
        sum(case when column_code in ('overseas_travel', 'vehicles', 'official_reception') then amount end) as parts,
        sum(case when column_code in ('overseas_travel', 'vehicles', 'official_reception') then half_unit end) as parts_half_unit,
        max(case when column_code in ('meetings', 'training', 'agency_operating_expenses') then 1 else 0 end) as has_more
    from keyed
    where form_code = 'three_public_expenses'
    group by edition_key, form_code, row_label, row_key

),

three_public_totals as (

    select
        edition_key,
        document_id,
        form_code,
        {{ as_text('null') }} as side,
        'three_public_total' as column_code,
        {{ as_text('null') }} as row_code,
        row_label,
        coalesce(subtotal, case when has_more = 0 then total end, parts) as amount,
        case
            when subtotal is not null then subtotal_half_unit
            when has_more = 0 and total is not null then total_half_unit
            else parts_half_unit
        end as half_unit,
        source_page,
        case
            when subtotal is not null then subtotal_cell_key
            when has_more = 0 and total is not null then total_cell_key
        end as cell_key,
        row_key
    from three_public_rows
    where coalesce(subtotal, case when has_more = 0 then total end, parts) is not null

),

cells as (

    select
        edition_key,
        document_id,
        form_code,
        side,
        column_code,
        row_code,
        row_label,
        amount,
        half_unit,
        source_page,
        cell_key,
        row_key
    from keyed
    where row_key is not null

    union all

    select
        class_sums.edition_key,
        class_sums.document_id,
        class_sums.form_code,
        class_sums.side,
        class_sums.column_code,
        class_sums.row_code,
        class_sums.row_label,
        class_sums.amount,
        class_sums.half_unit,
        class_sums.source_page,
        class_sums.cell_key,
        class_sums.row_key
    from class_sums
    left join keyed as printed_totals
        on
            class_sums.edition_key = printed_totals.edition_key
            and class_sums.form_code = printed_totals.form_code
            and class_sums.column_code = printed_totals.column_code
            and class_sums.row_key = printed_totals.row_key
    where printed_totals.row_key is null

    union all

    select
        edition_key,
        document_id,
        form_code,
        side,
        column_code,
        row_code,
        row_label,
        cast(amount as decimal(20, 2)) as amount,
        cast(half_unit as decimal(20, 6)) as half_unit,
        source_page,
        cell_key,
        row_key
    from three_public_totals

)

select * from cells
