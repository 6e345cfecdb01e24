with claims as (

    select * from {{ ref('stg_claim') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

verdicts as (

    select * from {{ ref('int_claim_verdict') }}

),

amounts as (

    select *
    from {{ ref('int_reported_amount') }}
    where is_judged

),

-- A form of one row a phase names what it holds in its columns.
labelled as (

    select
        amounts.edition_key,
        amounts.form_code,
        amounts.column_code,
        amounts.amount,
        amounts.half_unit,
        amounts.source_page,
        case when amounts.structure = 'phases' then amounts.column_header else amounts.row_label end as label,
        {{ cell_key('amounts') }} as cell_key
    from amounts

),

cells as (

    select
        *,
        {{ canonical_label('label') }} as canonical_label
    from labelled

),

unbound as (

    select
        claims.document_id,
        claims.claim_order,
        claims.claim_kind,
        identities.edition_key,
        claims.value,
        claims.value_half_unit,
        {{ is_money('claims.unit') }} as is_money,
        -- Of 类, 款 and 项 the innermost is meant.
        {{ canonical_name('coalesce(claims.item_name, claims.section_name, claims.class_name, claims.subject)') }} as canonical_subject
    from claims
    inner join identities on claims.document_id = identities.document_id
    left join verdicts
        on
            claims.document_id = verdicts.document_id
            and claims.claim_order = verdicts.claim_order
    where verdicts.document_id is null

),

-- Each name once a disclosure: subjects and labels repeat.
subjects as (

    select distinct
        edition_key,
        canonical_subject
    from unbound

),

labels as (

    select
        edition_key,
        canonical_label,
        min(cell_key) as cell_key
    from cells
    where canonical_label <> ''
    group by edition_key, canonical_label

),

-- Disclosures call the same things by the same names: each two names are compared once.
name_pairs as (

    select distinct
        subjects.canonical_subject,
        labels.canonical_label
    from subjects
    inner join labels on subjects.edition_key = labels.edition_key

),

compared_names as (

    select
        canonical_subject,
        canonical_label,
        {{ similarity('canonical_subject', 'canonical_label') }} as likeness
    from name_pairs

),

alike_names as (

    select *
    from compared_names
    where likeness >= 0.5

),

likest as (

    select
        subjects.edition_key,
        subjects.canonical_subject,
        labels.cell_key,
        alike_names.likeness,
        row_number() over (
            partition by subjects.edition_key, subjects.canonical_subject
            order by alike_names.likeness desc, alike_names.canonical_label asc
        ) as choice
    from subjects
    inner join alike_names on subjects.canonical_subject = alike_names.canonical_subject
    inner join labels
        on
            subjects.edition_key = labels.edition_key
            and alike_names.canonical_label = labels.canonical_label

),

by_name as (

    select
        likest.edition_key,
        likest.canonical_subject,
        likest.likeness,
        cells.form_code,
        cells.label,
        cells.column_code,
        cells.amount,
        cells.source_page
    from likest
    inner join cells
        on
            likest.edition_key = cells.edition_key
            and likest.cell_key = cells.cell_key
    where likest.choice = 1

),

-- The same amount, under the name that is most like the subject.
equal_amounts as (

    select
        unbound.document_id,
        unbound.claim_order,
        cells.form_code,
        cells.label,
        cells.column_code,
        cells.source_page,
        row_number() over (
            partition by unbound.document_id, unbound.claim_order
            order by
                {{ similarity('unbound.canonical_subject', 'cells.canonical_label') }} desc,
                cells.form_code asc,
                cells.cell_key asc
        ) as choice
    from unbound
    inner join cells
        on
            unbound.edition_key = cells.edition_key
            and unbound.value between cells.amount - cells.half_unit - unbound.value_half_unit
            and cells.amount + cells.half_unit + unbound.value_half_unit
    where unbound.is_money and unbound.value > unbound.value_half_unit

),

by_amount as (

    select *
    from equal_amounts
    where choice = 1

)

select
    unbound.document_id,
    unbound.claim_order,
    case
        when by_amount.document_id is not null then 'amount'
        when by_name.edition_key is not null then 'name'
    end as nearest_by,
    case unbound.claim_kind
        when 'amount' then 'it is not known which figure of the forms this is; '
        when 'share' then 'the whole of this share is not known; '
        when 'change' then 'the figure that this is compared with is not in this disclosure; '
        when 'completion' then 'the budget that this is compared with is not known; '
        else 'it is not known what form counts this; '
    end
    || case
        when by_amount.document_id is not null
            then
                by_amount.form_code || ' (page ' || {{ as_text('by_amount.source_page') }} || ') prints this amount for '
                || by_amount.label || ', ' || by_amount.column_code
        when by_name.edition_key is not null
            then
                'the row most like it is ' || by_name.label || ' of ' || by_name.form_code || ' (page '
                || {{ as_text('by_name.source_page') }} || ')'
        else 'no row resembles it'
    end as reason
from unbound
left join by_amount
    on
        unbound.document_id = by_amount.document_id
        and unbound.claim_order = by_amount.claim_order
left join by_name
    on
        unbound.edition_key = by_name.edition_key
        and unbound.canonical_subject = by_name.canonical_subject
