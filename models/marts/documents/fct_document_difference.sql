with choices as (

    select *
    from {{ ref('int_document_choice') }}
    where part <> 'explanation'

),

differences as (

    select * from {{ ref('int_figure_difference') }}

),

documents as (

    select * from {{ ref('stg_document') }}

),

forms as (

    select * from {{ ref('stg_form') }}

),

current_parts as (

    select *
    from choices
    where is_current

),

superseded_parts as (

    select *
    from choices
    where not is_current

),

figures as (

    select
        superseded_parts.disclosure_key,
        differences.form_code,
        current_parts.document_id as current_document_id,
        superseded_parts.document_id as other_document_id,
        'figure' as grain,
        differences.outcome,
        differences.side,
        differences.row_code,
        differences.row_label,
        differences.column_code,
        differences.occurrence,
        differences.amount as current_amount,
        differences.amount_text as current_amount_text,
        differences.unit as current_unit,
        differences.source_page as current_page,
        differences.source_table as current_table,
        differences.source_row as current_row,
        differences.source_column as current_column,
        differences.other_amount,
        differences.other_amount_text,
        differences.other_unit,
        differences.other_source_page as other_page,
        differences.other_source_table as other_table,
        differences.other_source_row as other_row,
        differences.other_source_column as other_column,
        differences.rounding + differences.other_rounding as tolerance
    from superseded_parts
    inner join current_parts
        on
            superseded_parts.disclosure_key = current_parts.disclosure_key
            and superseded_parts.part = current_parts.part
    inner join differences
        on
            current_parts.document_id = differences.document_id
            and superseded_parts.document_id = differences.other_document_id
            and superseded_parts.part = differences.form_code

),

-- A document that was superseded in one form at least has a counterpart: what only one of the two has was added or is gone.
counterparts as (

    select distinct
        superseded_parts.disclosure_key,
        current_parts.document_id as current_document_id,
        superseded_parts.document_id as other_document_id
    from superseded_parts
    inner join current_parts
        on
            superseded_parts.disclosure_key = current_parts.disclosure_key
            and superseded_parts.part = current_parts.part

),

only_forms as (

    select
        counterparts.disclosure_key,
        choices.part as form_code,
        counterparts.current_document_id,
        counterparts.other_document_id,
        'added' as outcome,
        choices.document_id,
        choices.form_order
    from counterparts
    inner join choices on counterparts.current_document_id = choices.document_id
    left join choices as theirs
        on
            counterparts.other_document_id = theirs.document_id
            and choices.part = theirs.part
    where theirs.document_id is null

    union all

    select
        counterparts.disclosure_key,
        choices.part as form_code,
        counterparts.current_document_id,
        counterparts.other_document_id,
        'gone' as outcome,
        choices.document_id,
        choices.form_order
    from counterparts
    inner join choices on counterparts.other_document_id = choices.document_id
    left join choices as ours
        on
            counterparts.current_document_id = ours.document_id
            and choices.part = ours.part
    where ours.document_id is null

),

whole_forms as (

    select
        only_forms.disclosure_key,
        only_forms.form_code,
        only_forms.current_document_id,
        only_forms.other_document_id,
        'form' as grain,
        only_forms.outcome,
        {{ as_text('null') }} as side,
        {{ as_text('null') }} as row_code,
        forms.title as row_label,
        {{ as_text('null') }} as column_code,
        cast(null as integer) as occurrence,
        cast(null as decimal(20, 2)) as current_amount,
        {{ as_text('null') }} as current_amount_text,
        {{ as_text('null') }} as current_unit,
        case when only_forms.outcome = 'added' then forms.first_page end as current_page,
        cast(null as integer) as current_table,
        cast(null as integer) as current_row,
        cast(null as integer) as current_column,
        cast(null as decimal(20, 2)) as other_amount,
        {{ as_text('null') }} as other_amount_text,
        {{ as_text('null') }} as other_unit,
        case when only_forms.outcome = 'gone' then forms.first_page end as other_page,
        cast(null as integer) as other_table,
        cast(null as integer) as other_row,
        cast(null as integer) as other_column,
        cast(null as decimal(20, 6)) as tolerance
    from only_forms
    inner join forms
        on
            only_forms.document_id = forms.document_id
            and only_forms.form_order = forms.form_order

),

found as (

    select * from figures
    union all
    select * from whole_forms

)

select
    found.disclosure_key,
    found.form_code,
    found.current_document_id,
    current_documents.file_name as current_file_name,
    found.other_document_id,
    other_documents.file_name as other_file_name,
    found.grain,
    found.outcome,
    found.side,
    found.row_code,
    found.row_label,
    found.column_code,
    found.occurrence,
    cast(found.current_amount as decimal(20, 2)) as current_amount,
    found.current_amount_text,
    found.current_unit,
    found.current_page,
    found.current_table,
    found.current_row,
    found.current_column,
    cast(found.other_amount as decimal(20, 2)) as other_amount,
    found.other_amount_text,
    found.other_unit,
    found.other_page,
    found.other_table,
    found.other_row,
    found.other_column,
    cast(found.current_amount - found.other_amount as decimal(20, 2)) as difference,
    cast(found.tolerance as decimal(20, 6)) as tolerance,
    found.outcome in ('different', 'added', 'gone') as is_difference
from found
inner join documents as current_documents on found.current_document_id = current_documents.document_id
inner join documents as other_documents on found.other_document_id = other_documents.document_id
