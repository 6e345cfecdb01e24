with disclosed_forms as (

    select * from {{ ref('fct_disclosed_form') }}

),

notices as (

    select * from {{ ref('stg_notice') }}

),

witnesses as (

    select * from {{ ref('stg_witness') }}

),

identities as (

    select * from {{ ref('int_document_identity') }}

),

department_names as (

    select distinct department_name
    from identities

),

lost_forms as (

    select
        document_id,
        'form_missing' as check_name,
        form_code,
        first_page as source_page,
        title as printed_text,
        'the table of contents lists ' || title || ', the disclosure does not have it' as reason
    from disclosed_forms
    where status = 'missing'

),

contradictory_notes as (

    select
        notices.document_id,
        'note_says_empty' as check_name,
        notices.form_code,
        notices.source_page,
        coalesce(disclosed_forms.note, notices.message) as printed_text,
        notices.message as reason
    from notices
    left join disclosed_forms
        on
            notices.document_id = disclosed_forms.document_id
            and notices.form_code = disclosed_forms.form_code
    where notices.kind = 'contradictory_note'

),

-- The head of a form names another year, or another department of the warehouse: copied from there. A short name is none.
foreign_heads as (

    select
        witnesses.document_id,
        'head_names_' || case witnesses.attribute when 'fiscal_year' then 'year' else 'department' end as check_name,
        {{ as_text('null') }} as form_code,
        witnesses.source_page,
        witnesses.value as printed_text,
        'the head of the form names ' || witnesses.value || ', the document is of '
        || case
            when witnesses.attribute = 'fiscal_year' then {{ as_text('identities.fiscal_year') }}
            else identities.department_name
        end as reason
    from witnesses
    inner join identities on witnesses.document_id = identities.document_id
    left join department_names on witnesses.value = department_names.department_name
    where
        witnesses.source = 'form_head'
        and not witnesses.agrees
        and (
            witnesses.attribute = 'fiscal_year'
            or (witnesses.attribute = 'department_name' and department_names.department_name is not null)
        )

),

breaks as (

    select * from lost_forms
    union all
    select * from contradictory_notes
    union all
    select * from foreign_heads

)

select
    document_id || '/structure/' || check_name || '/' || coalesce(form_code, '') || coalesce({{ as_text('source_page') }}, '') as check_key,
    document_id,
    check_name,
    form_code,
    source_page,
    printed_text,
    min(reason) as reason
from breaks
group by
    document_id,
    check_name,
    form_code,
    source_page,
    printed_text
