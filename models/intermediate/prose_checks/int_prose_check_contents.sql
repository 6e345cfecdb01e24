with entries as (

    select * from {{ ref('int_contents_entry') }}

),

forms as (

    select * from {{ ref('stg_form') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

-- The forms of the document or, where the tables are another file, of the disclosure.
titles as (

    select
        identities.edition_key,
        forms.document_id,
        forms.form_order,
        forms.title,
        forms.first_page,
        {{ bare_title(canonical_name('forms.title')) }} as bare_title
    from forms
    inner join identities on forms.document_id = identities.document_id
    where forms.status <> 'missing'

),

own_forms as (

    select distinct document_id
    from titles

),

offered as (

    select
        entries.document_id,
        entries.source_page,
        entries.source_line,
        entries.bare_title as entry_title,
        titles.document_id as form_document_id,
        titles.form_order,
        titles.title,
        titles.bare_title,
        titles.first_page
    from entries
    inner join titles on entries.edition_key = titles.edition_key
    left join own_forms on entries.document_id = own_forms.document_id
    where own_forms.document_id is null or titles.document_id = entries.document_id

),

same as (

    select distinct
        document_id,
        entry_title
    from offered
    where entry_title = bare_title

),

-- Among the entries and the forms that have no namesake, the two that resemble each other most are one.
others as (

    select
        offered.*,
        {{ similarity('offered.entry_title', 'offered.bare_title') }} as likeness
    from offered
    left join same as named_entries
        on
            offered.document_id = named_entries.document_id
            and offered.entry_title = named_entries.entry_title
    left join same as named_forms
        on
            offered.document_id = named_forms.document_id
            and offered.bare_title = named_forms.entry_title
    where named_entries.document_id is null and named_forms.document_id is null

),

ranked as (

    select
        *,
        row_number() over (
            partition by document_id, source_page, source_line
            order by likeness desc, form_order asc
        ) as entry_choice,
        row_number() over (
            partition by document_id, form_document_id, form_order
            order by likeness desc, source_page asc, source_line asc
        ) as form_choice
    from others

),

paired as (

    select *
    from ranked
    where entry_choice = 1 and form_choice = 1 and likeness >= 0.6

),

judged as (

    select
        entries.document_id,
        entries.source_page,
        entries.source_line,
        entries.text,
        entries.title,
        paired.title as form_title,
        paired.first_page,
        case
            when same.document_id is not null then 'consistent'
            when paired.document_id is not null then 'inconsistent'
            else 'not_evaluated'
        end as status
    from entries
    left join same
        on
            entries.document_id = same.document_id
            and entries.bare_title = same.entry_title
    left join paired
        on
            entries.document_id = paired.document_id
            and entries.source_page = paired.source_page
            and entries.source_line = paired.source_line

)

select
    document_id,
    'contents_title' as check_name,
    {{ as_text('source_page') }} || '.' || {{ as_text('source_line') }} as place,
    title as printed,
    case when status = 'consistent' then title else form_title end as expected,
    status,
    case when status = 'inconsistent' then 'wording' end as severity,
    case status
        when 'consistent' then 'a form has this title'
        when 'inconsistent'
            then 'the contents call the form ' || title || ', its head on page ' || {{ as_text('first_page') }} || ' ' || form_title
        else 'no form of the disclosure has a title like it'
    end as reason,
    text as quote,
    source_page
from judged
