with form_terms as (

    select * from {{ ref('int_reconciliation_term') }}

),

across_terms as (

    select * from {{ ref('int_term_across') }}

),

project_terms as (

    select * from {{ ref('int_term_project_points') }}
    union all
    select * from {{ ref('int_term_project_grade') }}
    union all
    select * from {{ ref('int_term_project_money') }}

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

),

identities as (

    select * from {{ ref('int_document_identity') }}

),

keyed as (

    select
        document_id || '/' || check_name || '/' || {{ as_text('form_order') }} || '/' || {{ as_text('total_row_order') }}
        || '/' || total_column_code as check_key,
        check_name as check_id,
        'same' as relation,
        variant,
        case role when 'total' then 'reported' when 'part' then 'expected' else role end as role,
        sign,
        document_id,
        form_order,
        row_order,
        column_code,
        document_id as check_document_id,
        document_id as anchor_document_id,
        form_order as anchor_form_order,
        total_row_order as anchor_row_order,
        total_column_code as anchor_column_code
    from form_terms

    union all

    select
        edition_key || '/' || check_id || '/' || instance_key as check_key,
        check_id,
        relation,
        variant,
        role,
        sign,
        document_id,
        form_order,
        row_order,
        column_code,
        check_document_id,
        {{ as_text('null') }} as anchor_document_id,
        cast(null as integer) as anchor_form_order,
        cast(null as integer) as anchor_row_order,
        {{ as_text('null') }} as anchor_column_code
    from across_terms

)

select
    keyed.check_key,
    keyed.check_id,
    keyed.relation,
    keyed.variant,
    keyed.role,
    keyed.sign,
    cast(amounts.amount as decimal(24, 6)) as amount,
    -- A count is exact: nobody rounds cars.
    case
        when {{ is_money('amounts.unit') }} or amounts.unit = '平方米' then amounts.half_unit
        else cast(0 as decimal(20, 6))
    end as half_unit,
    amounts.document_id,
    amounts.disclosure_key,
    amounts.fiscal_year,
    amounts.disclosure_kind,
    amounts.form_code,
    amounts.form_order,
    amounts.row_order,
    cast(null as integer) as project_order,
    amounts.side,
    amounts.row_code,
    amounts.row_label,
    amounts.column_code,
    amounts.source_page,
    amounts.source_table,
    amounts.source_row,
    amounts.source_column,
    keyed.check_document_id,
    keyed.anchor_document_id,
    keyed.anchor_form_order,
    keyed.anchor_row_order,
    keyed.anchor_column_code
from keyed
inner join amounts
    on
        keyed.document_id = amounts.document_id
        and keyed.form_order = amounts.form_order
        and keyed.row_order = amounts.row_order
        and keyed.column_code = amounts.column_code

union all

select
    project_terms.document_id || '/' || project_terms.check_id || '/' || {{ as_text('project_terms.project_order') }}
    || '/' || project_terms.instance_key as check_key,
    project_terms.check_id,
    'same' as relation,
    project_terms.variant,
    project_terms.role,
    project_terms.sign,
    project_terms.amount,
    project_terms.half_unit,
    project_terms.document_id,
    project_terms.disclosure_key,
    identities.fiscal_year,
    identities.disclosure_kind,
    'project_evaluation' as form_code,
    cast(null as integer) as form_order,
    cast(null as integer) as row_order,
    project_terms.project_order,
    {{ as_text('null') }} as side,
    {{ as_text('null') }} as row_code,
    project_terms.row_label,
    project_terms.column_code,
    project_terms.source_page,
    project_terms.source_table,
    project_terms.source_row,
    cast(null as integer) as source_column,
    project_terms.document_id as check_document_id,
    project_terms.document_id as anchor_document_id,
    cast(null as integer) as anchor_form_order,
    cast(null as integer) as anchor_row_order,
    project_terms.column_code as anchor_column_code
from project_terms
inner join identities on project_terms.document_id = identities.document_id
