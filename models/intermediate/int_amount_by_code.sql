with amounts as (

    select * from {{ ref('int_reported_amount') }}

),

functional_codes as (

    select * from {{ ref('int_functional_code') }}

),

economic_codes as (

    select * from {{ ref('int_economic_code') }}

),

codes as (

    select
        'functional' as classification,
        code,
        name,
        valid_from_year,
        valid_to_year
    from functional_codes
    union all
    select
        'economic' as classification,
        code,
        name,
        valid_from_year,
        valid_to_year
    from economic_codes

),

coded as (

    select *
    from amounts
    where is_chosen and row_code is not null and classification is not null

),

rows_of_code as (

    select
        disclosure_key,
        form_code,
        row_code,
        count(distinct row_order) as printed_row_count,
        min(row_order) as first_row_order
    from coded
    group by disclosure_key, form_code, row_code

),

parents as (

    select distinct
        children.disclosure_key,
        children.form_code,
        parents.row_code
    from rows_of_code as parents
    inner join rows_of_code as children
        on
            parents.disclosure_key = children.disclosure_key
            and parents.form_code = children.form_code
            and children.row_code like parents.row_code || '_%'

),

-- A code that a form prints twice is reported by rpt_form_reconciliation; its first row stands for it here.
first_rows as (

    select
        coded.*,
        rows_of_code.printed_row_count
    from coded
    inner join rows_of_code
        on
            coded.disclosure_key = rows_of_code.disclosure_key
            and coded.form_code = rows_of_code.form_code
            and coded.row_code = rows_of_code.row_code
            and coded.row_order = rows_of_code.first_row_order

)

select
    first_rows.document_id,
    first_rows.disclosure_key,
    first_rows.department_key,
    first_rows.fiscal_year,
    first_rows.disclosure_kind,
    first_rows.form_code,
    first_rows.classification,
    first_rows.row_code,
    first_rows.row_label,
    codes.name as canonical_name,
    case first_rows.classification
        when 'functional' then {{ functional_level('first_rows.row_code') }}
        else {{ economic_level('first_rows.row_code') }}
    end as level,
    {{ parent_code('first_rows.row_code') }} as parent_code,
    {{ class_code('first_rows.row_code') }} as class_code,
    parents.row_code is null as is_leaf,
    first_rows.printed_row_count,
    first_rows.column_code,
    first_rows.amount,
    first_rows.source_page
from first_rows
left join parents
    on
        first_rows.disclosure_key = parents.disclosure_key
        and first_rows.form_code = parents.form_code
        and first_rows.row_code = parents.row_code
left join codes
    on
        first_rows.classification = codes.classification
        and first_rows.row_code = codes.code
        and {{ valid_in('first_rows.fiscal_year', 'codes.valid_from_year', 'codes.valid_to_year') }}
