with terms as (

    select * from {{ ref('int_reconciliation_term') }}

),

form_rows as (

    select * from {{ ref('int_form_row') }}

),

forms as (

    select * from {{ ref('int_disclosure_form') }}

),

form_pages as (

    select * from {{ ref('stg_form') }}

),

summed as (

    select
        document_id,
        form_order,
        check_name,
        variant,
        total_row_order,
        total_column_code,
        max(case when role = 'total' then amount end) as printed,
        sum(case when role = 'part' then sign * amount end) as summed,
        sum(case when role in ('total', 'part') then half_unit else 0 end) as tolerance,
        sum(case when role = 'part' then 1 else 0 end) as term_count,
        sum(case when role = 'unknown' and amount <> 0 then 1 else 0 end) as unknown_count
    from terms
    group by document_id, form_order, check_name, variant, total_row_order, total_column_code

),

judged as (

    select
        *,
        printed - summed as difference,
        case
            -- A total alone on a row that prints no part of it (a heading, a line of nothing) says nothing to check.
            when printed is null or term_count = 0 or unknown_count > 0 then 'not_evaluated'
            when abs(printed - summed) <= tolerance then 'consistent'
            else 'inconsistent'
        end as status
    from summed

),

-- Where layouts differ in what a total comprises, the reading that fits counts.
best as (

    select
        *,
        row_number() over (
            partition by document_id, form_order, check_name, total_row_order, total_column_code
            order by
                case status when 'consistent' then 1 when 'inconsistent' then 2 else 3 end,
                variant
        ) as choice
    from judged

),

evaluated as (

    select
        best.document_id,
        best.form_order,
        best.check_name,
        form_rows.side,
        form_rows.row_code,
        form_rows.row_label,
        best.total_column_code as column_code,
        best.printed,
        best.summed,
        best.difference,
        best.tolerance,
        best.term_count,
        best.status,
        form_rows.source_page,
        coalesce(nullif(trim(coalesce(form_rows.row_code || ' ', '') || form_rows.row_label), ''), 'row')
        || ' (' || best.total_column_code || ', page ' || {{ as_text('form_rows.source_page') }} || ')' as place,
        best.unknown_count
    from best
    inner join form_rows
        on
            best.document_id = form_rows.document_id
            and best.form_order = form_rows.form_order
            and best.total_row_order = form_rows.row_order
    where best.choice = 1

),

-- A code that stands twice in a form, by mistake or because the form lists units: the facts by code have room for one.
repeated as (

    select
        document_id,
        form_order,
        'code_printed_once' as check_name,
        {{ as_text('null') }} as side,
        row_code,
        min(row_label) as row_label,
        {{ as_text('null') }} as column_code,
        count(*) as row_count,
        min(source_page) as source_page
    from form_rows
    where structure = 'coded' and row_code is not null
    group by document_id, form_order, row_code
    having count(*) > 1

),

-- Every form that is present appears here, so that nobody takes silence for a pass.
unchecked as (

    select
        forms.document_id,
        forms.form_order
    from forms
    left join evaluated
        on
            forms.document_id = evaluated.document_id
            and forms.form_order = evaluated.form_order
    where forms.status = 'present' and evaluated.document_id is null

),

findings as (

    select
        document_id,
        form_order,
        check_name,
        side,
        row_code,
        row_label,
        column_code,
        printed,
        summed,
        difference,
        tolerance,
        term_count,
        status,
        source_page,
        case
            when printed is null
                then
                    place || ' prints no figure; its parts (' || {{ as_text('term_count') }} || ' printed) add up to '
                    || coalesce({{ as_text('cast(summed as decimal(20, 2))') }}, 'nothing')
            when unknown_count > 0
                then
                    place || ' prints ' || {{ as_text('printed') }} || '; ' || {{ as_text('unknown_count') }}
                    || ' lines beside its parts are not understood: add them to seeds/summary_line.csv'
            when term_count = 0
                then place || ' prints ' || {{ as_text('printed') }} || '; none of its parts prints a figure in this column'
            else
                place || ' prints ' || {{ as_text('printed') }} || '; its parts (' || {{ as_text('term_count') }}
                || ' printed) add up to ' || {{ as_text('cast(summed as decimal(20, 2))') }}
                || ': difference ' || {{ as_text('cast(difference as decimal(20, 2))') }}
                || ', rounding allows ' || {{ as_text('cast(tolerance as decimal(20, 2))') }}
        end as reason
    from evaluated

    union all

    select
        document_id,
        form_order,
        check_name,
        side,
        row_code,
        row_label,
        column_code,
        cast(null as decimal(20, 2)) as printed,
        cast(null as decimal(20, 2)) as summed,
        cast(null as decimal(20, 2)) as difference,
        cast(null as decimal(20, 6)) as tolerance,
        row_count as term_count,
        'not_evaluated' as status,
        source_page,
        row_code || ' ' || row_label || ' stands in ' || {{ as_text('row_count') }}
        || ' rows of this form, first on page ' || {{ as_text('source_page') }}
        || ': the facts by code take the first of them' as reason
    from repeated

    union all

    select
        unchecked.document_id,
        unchecked.form_order,
        'no_total' as check_name,
        {{ as_text('null') }} as side,
        {{ as_text('null') }} as row_code,
        {{ as_text('null') }} as row_label,
        {{ as_text('null') }} as column_code,
        cast(null as decimal(20, 2)) as printed,
        cast(null as decimal(20, 2)) as summed,
        cast(null as decimal(20, 2)) as difference,
        cast(null as decimal(20, 6)) as tolerance,
        0 as term_count,
        'not_evaluated' as status,
        form_pages.first_page as source_page,
        'the form prints no total that its rows could be added up to' as reason
    from unchecked
    inner join form_pages
        on
            unchecked.document_id = form_pages.document_id
            and unchecked.form_order = form_pages.form_order

)

select
    findings.document_id,
    forms.disclosure_key,
    findings.form_order,
    forms.form_code,
    findings.check_name,
    findings.side,
    findings.row_code,
    findings.row_label,
    findings.column_code,
    cast(findings.printed as decimal(20, 2)) as printed,
    cast(findings.summed as decimal(20, 2)) as summed,
    cast(findings.difference as decimal(20, 2)) as difference,
    cast(findings.tolerance as decimal(20, 6)) as tolerance,
    cast(findings.term_count as integer) as term_count,
    findings.status,
    findings.source_page,
    findings.reason
from findings
inner join forms
    on
        findings.document_id = forms.document_id
        and findings.form_order = forms.form_order
