{#- The words of level in brackets, and the length of the codes that they stand for. -#}
{%- set levels = {'类': 3, '款': 5, '项': 7} %}
with sentences as (

    select *
    from {{ ref('int_prose_sentence') }}
    where not is_glossary and not is_report

),

form_rows as (

    select * from {{ ref('int_form_row') }}

),

named as (
    {% for word, code_length in levels.items() %}
        select
            document_id,
            sentence_order,
            edition_key,
            '{{ word }}' as level_word,
            {{ code_length }} as code_length,
            {{ explode_list(extract_all('folded', '([^（）。，；：、.．0-9]{2,40})（' ~ word ~ '(级科目)?）', 1)) }} as name
        from sentences
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

spoken as (

    select distinct
        document_id,
        sentence_order,
        edition_key,
        level_word,
        code_length,
        name,
        {{ bare_name('name') }} as name_bare
    from named

),

printed as (

    select
        edition_key,
        {{ bare_name('row_label') }} as name_bare,
        classification,
        length(row_code) as code_length,
        min(row_code) as row_code,
        min(form_code) as form_code,
        min(source_page) as source_page
    from form_rows
    where is_judged and classification in ('functional', 'economic') and length(row_code) in (3, 5, 7)
    group by edition_key, {{ bare_name('row_label') }}, classification, length(row_code)

),

-- Only the disclosure's own forms are asked: they know which level a name has this year, and whether another level bears it too.
compared as (

    select
        spoken.document_id,
        spoken.sentence_order,
        spoken.level_word,
        spoken.name,
        max(case when printed.code_length = spoken.code_length then 1 else 0 end) as is_right,
        min(printed.row_code) as row_code,
        min(printed.form_code) as form_code,
        min(printed.source_page) as source_page
    from spoken
    inner join printed
        on
            spoken.edition_key = printed.edition_key
            and spoken.name_bare = printed.name_bare
    group by spoken.document_id, spoken.sentence_order, spoken.level_word, spoken.name

)

select
    document_id,
    'level_word' as check_name,
    {{ as_text('sentence_order') }} || level_word || name as place,
    cast(null as integer) as claim_order,
    sentence_order,
    name || '（' || level_word || '）' as printed,
    name || '（' || case
        when is_right = 1 then level_word
        {% for word, code_length in levels.items() %}
            when length(row_code) = {{ code_length }} then '{{ word }}'
        {% endfor %}
    end || '）' as expected,
    case when is_right = 1 then 'consistent' else 'inconsistent' end as status,
    case when is_right = 1 then {{ as_text('null') }} else 'wording' end as severity,
    case
        when is_right = 1 then 'the forms print the name at that level'
        else
            'the text calls ' || name || ' a ' || level_word || ', its code in the forms is ' || row_code || ' (' || form_code
            || ', page ' || {{ as_text('source_page') }} || ')'
    end as reason
from compared
