with forms as (

    select * from {{ ref('stg_form') }}

),

text_lines as (

    select * from {{ ref('stg_text_line') }}

),

-- A remark may stand anywhere on the page, in words that the reader does not take for a note: （无政府性基金支出）
remarked_pages as (

    select distinct
        document_id,
        source_page
    from text_lines
    where {{ matches('text', '无|没有|未安排|未发生|不涉及|空表') }}

)

select
    forms.document_id,
    'empty_form_note' as check_name,
    {{ as_text('forms.form_order') }} as place,
    forms.note as printed,
    'a remark that there is nothing to report' as expected,
    case
        when forms.note is not null or remarked_pages.source_page is not null then 'consistent'
        else 'inconsistent'
    end as status,
    case when forms.note is null and remarked_pages.source_page is null then 'wording' end as severity,
    case
        when forms.note is not null or remarked_pages.source_page is not null
            then forms.title || ' is empty, and a remark says so'
        else forms.title || ' is empty without a remark that says so'
    end as reason,
    forms.title as quote,
    forms.first_page as source_page
from forms
left join remarked_pages
    on
        forms.document_id = remarked_pages.document_id
        and forms.first_page = remarked_pages.source_page
where forms.status = 'no_data'
