-- A pattern of a seed is compiled anew for each row that it is held against: only sentences that may hold a phrase come so far.
with sentences as (

    select *
    from {{ ref('int_prose_sentence') }}
    where not is_report and {{ may_hold_template_phrase('folded') }}

),

phrases as (

    select * from {{ ref('template_phrase') }}

)

select
    sentences.document_id,
    'template_text' as check_name,
    {{ as_text('sentences.sentence_order') }} || phrases.phrase_key as place,
    cast(null as integer) as claim_order,
    sentences.sentence_order,
    regexp_extract(sentences.folded, phrases.pattern, 0) as printed,
    {{ as_text('null') }} as expected,
    'inconsistent' as status,
    'wording' as severity,
    'the text still holds ' || phrases.meaning || ' of its template' as reason
from sentences
inner join phrases on {{ matches_column('sentences.folded', 'phrases.pattern') }}
