{#- What is kept of each figure, whichever way it was superseded. -#}
{%- set printed = [
    'form_code', 'form_order', 'row_order', 'side', 'row_code', 'row_label', 'column_code', 'amount', 'amount_text', 'unit', 'decimals',
    'source_page', 'source_table', 'source_row', 'source_column'
] %}
with replaced as (

    select * from {{ ref('int_superseded_document') }}

),

replaced_amounts as (

    select * from {{ ref('stg_superseded_amount') }}

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

),

choices as (

    select *
    from {{ ref('int_document_choice') }}
    where not is_current

),

documents as (

    select * from {{ ref('stg_document') }}

),

publications as (

    select
        document_id,
        coalesce(cast(printed_date as timestamp), cast(named_date as timestamp), first_seen_at) as published_at
    from {{ ref('int_document_publication') }}

),

-- Other bytes lie at the path now: the department replaced the file.
at_the_same_path as (

    select
        replaced.document_id,
        replaced.file_name,
        replaced.disclosure_key,
        replaced.department_key,
        replaced.fiscal_year,
        replaced.disclosure_kind,
        {% for column in printed %}
            replaced_amounts.{{ column }},
        {% endfor %}
        'replaced' as superseded_how,
        replaced.superseded_by_document_id,
        replaced.stood_from,
        replaced.stood_until
    from replaced
    inner join replaced_amounts on replaced.document_id = replaced_amounts.document_id

),

-- Another file of the disclosure is current for the form: the department published beside the first.
beside as (

    select
        amounts.document_id,
        documents.file_name,
        amounts.disclosure_key,
        amounts.department_key,
        amounts.fiscal_year,
        amounts.disclosure_kind,
        {% for column in printed %}
            amounts.{{ column }},
        {% endfor %}
        'published_beside' as superseded_how,
        choices.superseded_by_document_id,
        publications.published_at as stood_from,
        greatest(publications.published_at, later.published_at) as stood_until
    from amounts
    inner join choices
        on
            amounts.document_id = choices.document_id
            and amounts.form_code = choices.part
    inner join documents on amounts.document_id = documents.document_id
    inner join publications on amounts.document_id = publications.document_id
    inner join publications as later on choices.superseded_by_document_id = later.document_id

),

found as (

    select * from at_the_same_path
    union all
    select * from beside

)

select
    document_id,
    file_name,
    disclosure_key,
    department_key,
    fiscal_year,
    disclosure_kind,
    form_code,
    form_order,
    row_order,
    side,
    row_code,
    row_label,
    column_code,
    cast(amount as decimal(20, 2)) as amount,
    amount_text,
    unit,
    decimals,
    source_page,
    source_table,
    source_row,
    source_column,
    superseded_how,
    superseded_by_document_id,
    cast(stood_from as timestamp) as stood_from,
    cast(stood_until as timestamp) as stood_until
from found
