with text_lines as (

    select * from {{ ref('stg_text_line') }}

),

forms as (

    select * from {{ ref('stg_form') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

lines as (

    select
        document_id,
        source_page,
        source_line,
        text,
        {{ replace_all(folded_text('text'), '[.…·．_—-]{2,}[0-9]*$|[0-9]+$', '') }} as folded
    from text_lines

),

documents as (

    select * from {{ ref('stg_document') }}

),

form_rows as (

    select * from {{ ref('stg_form_row') }}

),

first_forms as (

    select
        document_id,
        min(first_page) as first_page
    from forms
    where status <> 'missing'
    group by document_id

),

-- A text is one page; its rows are numbered as its lines are. Those of a web page are numbered within their tables.
first_rows as (

    select
        form_rows.document_id,
        min(form_rows.source_row) as source_row
    from form_rows
    inner join documents on form_rows.document_id = documents.document_id
    where documents.media_type in ('text/plain', 'text/csv')
    group by form_rows.document_id

),

contents as (

    select
        document_id,
        min(source_page) as source_page
    from lines
    where folded = '目录'
    group by document_id

),

contents_lines as (

    select
        contents.document_id,
        contents.source_page,
        min(lines.source_line) as source_line
    from contents
    inner join lines
        on
            contents.document_id = lines.document_id
            and contents.source_page = lines.source_page
            and lines.folded = '目录'
    group by contents.document_id, contents.source_page

),

-- A title that is wrapped is left out: only what stands whole in its line is an entry.
entries as (

    select
        lines.document_id,
        lines.source_page,
        lines.source_line,
        lines.text,
        {{ extract_first('lines.folded', '^([一二三四五六七八九十]{1,3}|[0-9]{1,2})[、.．](.*表(（[^（）]*）)?)$', 2) }} as title
    from lines
    inner join contents_lines on lines.document_id = contents_lines.document_id
    left join first_forms on lines.document_id = first_forms.document_id
    left join first_rows on lines.document_id = first_rows.document_id
    where
        lines.source_page between contents_lines.source_page and contents_lines.source_page + 2
        and (lines.source_page > contents_lines.source_page or lines.source_line > contents_lines.source_line)
        and (
            first_forms.first_page is null
            or lines.source_page < first_forms.first_page
            or lines.source_line < first_rows.source_row
            -- Without pages and without lines to tell, a table of contents is not longer than this.
            or (
                first_rows.document_id is null
                and lines.source_page = contents_lines.source_page
                and lines.source_line <= contents_lines.source_line + 60
            )
        )

),

titled as (

    select
        *,
        {{ bare_title('title') }} as bare_title
    from entries
    where title is not null

),

-- What comes again is the title of the form itself.
numbered as (

    select
        *,
        row_number() over (partition by document_id, bare_title order by source_page, source_line) as occurrence
    from titled

)

select
    numbered.document_id,
    identities.edition_key,
    numbered.source_page,
    numbered.source_line,
    numbered.text,
    numbered.title,
    numbered.bare_title
from numbered
inner join identities on numbered.document_id = identities.document_id
where
    numbered.occurrence = 1
    -- 五、部门预算表 is the chapter that holds them.
    and not {{ matches('numbered.bare_title', '^(部门|单位)?(预算|决算)?(公开)?(报)?表$') }}
