{#- What makes two statements the same one, apart from their figures. -#}
{%- set names = [
    'subject_key', 'class_name', 'section_name', 'item_name', 'claim_kind', 'phase', 'compared_with', 'share_base', 'base_measure'
] %}
with choices as (

    select *
    from {{ ref('int_document_choice') }}
    where part = 'explanation'

),

claims as (

    select * from {{ ref('stg_claim') }}

),

documents as (

    select * from {{ ref('stg_document') }}

),

pairs as (

    select
        superseded.disclosure_key,
        current_ones.document_id as current_document_id,
        superseded.document_id as other_document_id
    from choices as superseded
    inner join choices as current_ones
        on
            superseded.disclosure_key = current_ones.disclosure_key
            and superseded.part_group = current_ones.part_group
    where current_ones.is_current and not superseded.is_current

),

paired as (

    select current_document_id as document_id
    from pairs

    union distinct

    select other_document_id as document_id
    from pairs

),

keyed as (

    select
        claims.*,
        {{ canonical_name('claims.subject') }} as subject_key
    from claims
    inner join paired on claims.document_id = paired.document_id

),

-- What is stated more than once is compared with what the other states as often.
statements as (

    select
        *,
        cast(
            row_number() over (partition by document_id, {{ names | join(', ') }} order by claim_order) as integer
        ) as occurrence
    from keyed

),

stated as (
    {% for whose in ('current_document_id', 'other_document_id') %}
        select
            pairs.disclosure_key,
            pairs.current_document_id,
            pairs.other_document_id,
            {% for name in names %}
                statements.{{ name }},
            {% endfor %}
            statements.occurrence
        from pairs
        inner join statements on pairs.{{ whose }} = statements.document_id
        {% if not loop.last %}
            union distinct
        {% endif %}
    {% endfor %}
),

compared as (

    select
        stated.disclosure_key,
        stated.current_document_id,
        stated.other_document_id,
        coalesce(ours.subject, theirs.subject) as subject,
        coalesce(ours.measure, theirs.measure) as measure,
        stated.class_name,
        stated.section_name,
        stated.item_name,
        stated.claim_kind,
        stated.phase,
        stated.compared_with,
        stated.share_base,
        stated.base_measure,
        stated.occurrence,
        {% for side, whose in (('current', 'ours'), ('other', 'theirs')) %}
            {{ whose }}.claim_order as {{ side }}_claim_number,
            {{ whose }}.value as {{ side }}_value,
            {{ whose }}.delta as {{ side }}_delta,
            {{ whose }}.direction as {{ side }}_direction,
            {{ whose }}.percent as {{ side }}_percent,
            {{ whose }}.quote as {{ side }}_sentence,
            {{ whose }}.source_page as {{ side }}_page,
            {{ whose }}.source_line as {{ side }}_line,
        {% endfor %}
        case
            when theirs.document_id is null then 'added'
            when ours.document_id is null then 'gone'
            when (ours.direction is distinct from theirs.direction) then 'different'
            -- Figures of one precision that differ were changed; 1.3万元 and 12,900元 may be one figure.
            {% for figure in ('value', 'delta', 'percent') %}
                when
                    (ours.{{ figure }} is distinct from theirs.{{ figure }})
                    and coalesce(
                        ours.{{ figure }}_half_unit = theirs.{{ figure }}_half_unit
                        or abs(ours.{{ figure }} - theirs.{{ figure }})
                        > ours.{{ figure }}_half_unit + theirs.{{ figure }}_half_unit,
                        true
                    )
                    then 'different'
            {% endfor %}
            else 'rounding'
        end as outcome
    from stated
    {% for side, whose in (('current', 'ours'), ('other', 'theirs')) %}
        left join statements as {{ whose }}
            on
                stated.{{ side }}_document_id = {{ whose }}.document_id
                {% for name in names %}
                    and stated.{{ name }} is not distinct from {{ whose }}.{{ name }}
                {% endfor %}
                and stated.occurrence = {{ whose }}.occurrence
    {% endfor %}
    where
        ours.value is distinct from theirs.value
        or ours.delta is distinct from theirs.delta
        or ours.direction is distinct from theirs.direction
        or ours.percent is distinct from theirs.percent

)

select
    compared.disclosure_key,
    compared.current_document_id,
    current_documents.file_name as current_file_name,
    compared.other_document_id,
    other_documents.file_name as other_file_name,
    compared.outcome,
    compared.subject,
    compared.measure,
    compared.class_name,
    compared.section_name,
    compared.item_name,
    compared.claim_kind,
    compared.phase,
    compared.compared_with,
    compared.share_base,
    compared.base_measure,
    compared.occurrence,
    {% for side in ('current', 'other') %}
        compared.{{ side }}_claim_number,
        cast(compared.{{ side }}_value as decimal(24, 6)) as {{ side }}_value,
        cast(compared.{{ side }}_delta as decimal(24, 6)) as {{ side }}_delta,
        compared.{{ side }}_direction,
        cast(compared.{{ side }}_percent as decimal(12, 4)) as {{ side }}_percent,
        compared.{{ side }}_sentence,
        compared.{{ side }}_page,
        compared.{{ side }}_line,
    {% endfor %}
    compared.outcome <> 'rounding' as is_difference
from compared
inner join documents as current_documents on compared.current_document_id = current_documents.document_id
inner join documents as other_documents on compared.other_document_id = other_documents.document_id
