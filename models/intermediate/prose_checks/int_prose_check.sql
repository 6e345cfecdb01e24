{#- Checks of a sentence take its text, page and section from it; the others bring their own. -#}
{%- set of_sentences = ['shares', 'parts', 'level', 'item', 'figure', 'template', 'reason'] %}
{%- set of_places = ['contents', 'empty_form'] %}
with sentences as (

    select * from {{ ref('int_prose_sentence') }}

),

year_checks as (

    select * from {{ ref('int_prose_check_year') }}

),
{% for check in of_sentences + of_places %}
    {{ check }}_checks as (

        select * from {{ ref('int_prose_check_' ~ check) }}

    ),
{% endfor %}
sentence_checks as (
    {% for check in of_sentences %}
        select
            document_id,
            check_name,
            place,
            claim_order,
            sentence_order,
            printed,
            expected,
            status,
            severity,
            reason
        from {{ check }}_checks
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

place_checks as (

    select
        document_id,
        check_name,
        place,
        sentence_order,
        printed,
        expected,
        status,
        severity,
        reason,
        quote,
        source_page
    from year_checks
    {% for check in of_places %}
        union all
        select
            document_id,
            check_name,
            place,
            cast(null as integer) as sentence_order,
            printed,
            expected,
            status,
            severity,
            reason,
            quote,
            source_page
        from {{ check }}_checks
    {% endfor %}
)

select
    sentence_checks.document_id,
    sentence_checks.check_name,
    sentence_checks.place,
    sentence_checks.claim_order,
    sentence_checks.sentence_order,
    sentences.section,
    sentence_checks.printed,
    sentence_checks.expected,
    sentence_checks.status,
    sentence_checks.severity,
    sentence_checks.reason,
    sentences.text as quote,
    sentences.source_page
from sentence_checks
inner join sentences
    on
        sentence_checks.document_id = sentences.document_id
        and sentence_checks.sentence_order = sentences.sentence_order

union all

select
    place_checks.document_id,
    place_checks.check_name,
    place_checks.place,
    cast(null as integer) as claim_order,
    place_checks.sentence_order,
    sentences.section,
    place_checks.printed,
    place_checks.expected,
    place_checks.status,
    place_checks.severity,
    place_checks.reason,
    place_checks.quote,
    place_checks.source_page
from place_checks
left join sentences
    on
        place_checks.document_id = sentences.document_id
        and place_checks.sentence_order = sentences.sentence_order
