with form_rows as (

    select * from {{ ref('int_form_row') }}

),

patterns as (

    select * from {{ ref('summary_line') }}

),

functional_codes as (

    select * from {{ ref('int_functional_code') }}

),

lines as (

    select
        document_id,
        form_order,
        row_order,
        disclosure_key,
        fiscal_year,
        is_chosen,
        form_code,
        side,
        row_label,
        canonical_label,
        source_page,
        {{ matches(canonical_name('row_label'), '^[一二三四五六七八九十]+[、.．]') }} as has_ordinal,
        {{ matches(canonical_name('row_label'), '^(其中[：:]|（[一二三四五六七八九十0-9]+）|[0-9]+[、.．])') }} as is_of_which,
        row_number() over (
            partition by document_id, form_order, side
            order by row_order
        ) as line_number
    from form_rows
    where structure = 'summary'

),

-- The most exact pattern wins.
matched as (

    select
        lines.document_id,
        lines.form_order,
        lines.row_order,
        patterns.line_code,
        patterns.role,
        row_number() over (
            partition by lines.document_id, lines.form_order, lines.row_order
            order by length(patterns.pattern) desc, patterns.pattern asc
        ) as choice
    from lines
    inner join patterns on lines.canonical_label like patterns.pattern

),

functions as (

    select
        lines.document_id,
        lines.form_order,
        lines.row_order,
        min(functional_codes.code) as functional_code
    from lines
    inner join functional_codes
        on
            lines.canonical_label = {{ canonical_name('functional_codes.name') }}
            and functional_codes.level = 'class'
            and {{ valid_in('lines.fiscal_year', 'functional_codes.valid_from_year', 'functional_codes.valid_to_year') }}
    where lines.side = 'expenditure'
    group by lines.document_id, lines.form_order, lines.row_order

),

named as (

    select
        lines.*,
        matched.line_code,
        matched.role as seed_role,
        functions.functional_code
    from lines
    left join matched
        on
            lines.document_id = matched.document_id
            and lines.form_order = matched.form_order
            and lines.row_order = matched.row_order
            and matched.choice = 1
    left join functions
        on
            lines.document_id = functions.document_id
            and lines.form_order = functions.form_order
            and lines.row_order = functions.row_order

),

-- After 年初财政拨款结转和结余 the same fund names return: there they split up that balance.
placed as (

    select
        *,
        max(case when line_code in ('opening_balance', 'closing_balance') then line_number end) over (
            partition by document_id, form_order, side
            order by line_number
            rows between unbounded preceding and 1 preceding
        ) as balance_line_number,
        max(case when seed_role = 'year_total' then line_number end) over (
            partition by document_id, form_order, side
            order by line_number
            rows between unbounded preceding and 1 preceding
        ) as year_total_line_number
    from named

)

select
    document_id,
    form_order,
    row_order,
    disclosure_key,
    is_chosen,
    form_code,
    side,
    line_number,
    row_label,
    canonical_label,
    source_page,
    functional_code,
    case
        when
            balance_line_number is not null and line_code in ('general_public_budget', 'government_funds', 'state_capital')
            then 'balance_' || line_code
        when line_code is not null then line_code
        when functional_code is not null then 'function'
    end as line_code,
    case
        when
            balance_line_number is not null and line_code in ('general_public_budget', 'government_funds', 'state_capital')
            then 'part_of_balance'
        when seed_role in ('year_total', 'grand_total', 'balance') then seed_role
        when is_of_which then 'of_which'
        when seed_role = 'of_which' then 'of_which'
        when seed_role = 'part' then 'part'
        when functional_code is not null then 'part'
        when has_ordinal and year_total_line_number is null then 'part'
        when seed_role = 'ordinal' then 'of_which'
        else 'unknown'
    end as role
from placed
