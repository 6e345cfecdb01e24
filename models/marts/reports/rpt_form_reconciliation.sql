with checks as (

    select *
    from {{ ref('fct_identity_check') }}
    where family = 'within_form' and form_order is not null and check_id not in ('line_of_which', 'column_of_which')

),

form_rows as (

    select * from {{ ref('int_form_row') }}

),

forms as (

    select * from {{ ref('int_disclosure_form') }}

),

-- A code that stands twice in a form, by mistake or because the form lists units: the facts by code have room for one.
repeated as (

    select
        document_id,
        form_order,
        row_code,
        min(row_label) as row_label,
        count(*) as row_count,
        min(source_page) as source_page
    from form_rows
    where structure = 'coded' and row_code is not null
    group by document_id, form_order, row_code
    having count(*) > 1

)

select
    document_id,
    disclosure_key,
    form_order,
    form_code,
    check_id as check_name,
    side,
    row_code,
    row_label,
    column_code,
    reported as printed,
    expected as summed,
    difference,
    tolerance,
    term_count,
    status,
    source_page,
    reason,
    is_current
from checks

union all

select
    repeated.document_id,
    forms.disclosure_key,
    repeated.form_order,
    forms.form_code,
    'code_printed_once' as check_name,
    {{ as_text('null') }} as side,
    repeated.row_code,
    repeated.row_label,
    {{ as_text('null') }} as column_code,
    cast(null as decimal(20, 2)) as printed,
    cast(null as decimal(20, 2)) as summed,
    cast(null as decimal(20, 2)) as difference,
    cast(null as decimal(20, 6)) as tolerance,
    cast(repeated.row_count as integer) as term_count,
    'not_evaluated' as status,
    repeated.source_page,
    repeated.row_code || ' ' || repeated.row_label || ' stands in ' || {{ as_text('repeated.row_count') }}
    || ' rows of this form, first on page ' || {{ as_text('repeated.source_page') }}
    || ': the facts by code take the first of them' as reason,
    forms.is_current
from repeated
inner join forms
    on
        repeated.document_id = forms.document_id
        and repeated.form_order = forms.form_order
