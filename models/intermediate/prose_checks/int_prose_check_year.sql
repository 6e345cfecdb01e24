{#- What a document is called that it is itself, by kind; the year before these words is that of the document. -#}
{%- set kinds = {'final_account': '决算', 'budget': '预算'} %}
with sentences as (

    select *
    from {{ ref('int_prose_sentence') }}
    where not is_glossary and not is_report

),

text_lines as (

    select * from {{ ref('stg_text_line') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

lines as (

    select
        text_lines.document_id,
        text_lines.source_page,
        text_lines.source_line,
        identities.fiscal_year,
        identities.disclosure_kind,
        -- Markdown marks headings.
        {{ replace_all(folded_text('text_lines.text'), '^#+', '') }} as folded
    from text_lines
    inner join identities on text_lines.document_id = identities.document_id

),

headings as (
    {% for kind, word in kinds.items() %}
        select
            document_id,
            source_page,
            source_line,
            fiscal_year,
            folded,
            {{ extract_first(
                'folded',
                '^(第[一二三四五六七八九十]+部分)?[^0-9，。；：]{0,40}(20[0-9][0-9])年(度)?(部门|单位)(汇总)?' ~ word
                ~ '(情况说明|编制说明|说明|表|公开|公开表)([.…·]*[0-9]*)$',
                2
            ) }} as year_text
        from lines
        where disclosure_kind = '{{ kind }}'
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

-- A heading that runs over every page counts once, and so does its entry in the contents.
ranked_headings as (

    select
        *,
        {{ replace_all('folded', '[.…·]*[0-9]*$', '') }} as heading,
        row_number() over (
            partition by document_id, {{ replace_all('folded', '[.…·]*[0-9]*$', '') }}
            order by source_page, source_line
        ) as choice
    from headings
    where year_text is not null

),

first_headings as (

    select *
    from ranked_headings
    where choice = 1

),

scopes as (
    {% for kind, word in kinds.items() %}
        select
            document_id,
            sentence_order,
            fiscal_year,
            folded,
            {{ extract_first(
                'folded',
                '纳入[^，。；0-9]{0,30}(20[0-9][0-9])年(度)?[^，。；0-9]{0,10}' ~ word ~ '(编制|编报|公开|汇编)?[^，。；0-9]{0,4}(范围|单位)',
                1
            ) }} as year_text
        from sentences
        where disclosure_kind = '{{ kind }}'
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

-- The stock of cars and equipment is told as of the last day of the year that is accounted for.
stocks as (

    select
        document_id,
        sentence_order,
        fiscal_year,
        folded,
        {{ extract_first('folded', '(截至|截止|截止到)(20[0-9][0-9])年(12月31日|12月底|底|末)', 2) }} as year_text
    from sentences
    where disclosure_kind = 'final_account' and {{ matches('folded', '车辆|设备') }}

),

found as (

    select
        document_id,
        -- A cell of a workbook may hold several headings, all in one row.
        {{ as_text('source_page') }} || '.' || {{ as_text('source_line') }} || '.' || heading as place,
        cast(null as integer) as sentence_order,
        fiscal_year,
        folded as quote,
        source_page,
        year_text,
        'the heading' as what
    from first_headings

    union all

    select
        scopes.document_id,
        'scope' || {{ as_text('scopes.sentence_order') }} as place,
        scopes.sentence_order,
        scopes.fiscal_year,
        sentences.text as quote,
        sentences.source_page,
        scopes.year_text,
        'the sentence about what this document covers' as what
    from scopes
    inner join sentences
        on
            scopes.document_id = sentences.document_id
            and scopes.sentence_order = sentences.sentence_order
    where scopes.year_text is not null

    union all

    select
        stocks.document_id,
        'stock' || {{ as_text('stocks.sentence_order') }} as place,
        stocks.sentence_order,
        stocks.fiscal_year,
        sentences.text as quote,
        sentences.source_page,
        stocks.year_text,
        'the sentence about what is held at the end of the year' as what
    from stocks
    inner join sentences
        on
            stocks.document_id = sentences.document_id
            and stocks.sentence_order = sentences.sentence_order
    where stocks.year_text is not null

)

select
    document_id,
    'year_of_text' as check_name,
    place,
    sentence_order,
    year_text as printed,
    {{ as_text('fiscal_year') }} as expected,
    case when cast(year_text as integer) = fiscal_year then 'consistent' else 'inconsistent' end as status,
    case when cast(year_text as integer) = fiscal_year then {{ as_text('null') }} else 'wording' end as severity,
    what || ' says ' || year_text || ', the document is about ' || {{ as_text('fiscal_year') }} as reason,
    quote,
    source_page
from found
