with sentences as (

    select *
    from {{ ref('int_prose_sentence') }}
    where not is_glossary and not is_report

),

in_order as (

    select
        *,
        lag(folded) over (
            partition by document_id, section
            order by sentence_order
        ) as sentence_before
    from sentences

),

-- 人员经费5万元，主要包括：A、B；公用经费…: the list stands in the sentence, or in the one after it.
lists as (

    select
        document_id,
        sentence_order,
        edition_key,
        fiscal_year,
        'personnel' as list_of,
        coalesce(
            {{ extract_first('folded', '人员(经费|支出)[^；。包]{0,60}主要包括：?([^；。]+)', 2) }},
            case
                when {{ matches('sentence_before', '人员(经费|支出)') }} and not {{ matches('sentence_before', '公用') }}
                    then {{ extract_first('folded', '^主要包括：?([^；。]+)', 1) }}
            end
        ) as list_text
    from in_order

    union all

    select
        document_id,
        sentence_order,
        edition_key,
        fiscal_year,
        'operating' as list_of,
        coalesce(
            {{ extract_first('folded', '公用(经费|支出)[^；。包]{0,60}主要包括：?([^；。]+)', 2) }},
            case
                when {{ matches('sentence_before', '公用(经费|支出)') }} and not {{ matches('sentence_before', '人员') }}
                    then {{ extract_first('folded', '^主要包括：?([^；。]+)', 1) }}
            end
        ) as list_text
    from in_order

),

items as (

    select
        document_id,
        sentence_order,
        edition_key,
        fiscal_year,
        list_of,
        {{ explode_list(extract_all(replace_all('list_text', '(等|等支出|等费用)$', ''), '[^、，]+')) }} as item_text
    from lists
    -- Amounts in the list are claims of their own.
    where list_text is not null and not {{ matches('list_text', '[0-9]') }}

)

select
    document_id,
    sentence_order,
    list_of,
    item_text as name,
    {{ bare_name('item_text') }} as name_bare,
    min(edition_key) as edition_key,
    min(fiscal_year) as fiscal_year,
    count(*) as times
from items
where length(item_text) between 2 and 30
group by document_id, sentence_order, list_of, item_text, {{ bare_name('item_text') }}
