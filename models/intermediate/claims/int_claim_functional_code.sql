with claims as (

    select * from {{ ref('stg_claim') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

codes as (

    select * from {{ ref('int_functional_code') }}

),

form_rows as (

    select * from {{ ref('int_form_row') }}

),

-- What a subject names, once a document; the innermost name is the one to find, the others only confirm it. A subject without
-- 类, 款 or 项 may be the bare name of a class.
subjects as (

    select distinct
        claims.document_id,
        identities.edition_key,
        identities.fiscal_year,
        claims.class_name,
        claims.section_name,
        claims.item_name,
        claims.subject,
        coalesce(claims.item_name, claims.section_name, claims.class_name) is not null as is_named,
        {{ bare_name('claims.class_name') }} as class_bare,
        {{ bare_name('claims.section_name') }} as section_bare,
        {{ bare_name('coalesce(claims.item_name, claims.section_name, claims.class_name, claims.subject)') }} as innermost,
        case
            when claims.item_name is not null then 'item'
            when claims.section_name is not null then 'section'
            else 'class'
        end as level
    from claims
    inner join identities on claims.document_id = identities.document_id
    where claims.claim_kind <> 'count'

),

lineage as (

    select
        codes.code,
        codes.level,
        codes.valid_from_year,
        codes.valid_to_year,
        {{ bare_name('codes.name') }} as name_bare,
        {{ bare_name('sections.name') }} as section_bare,
        sections.valid_from_year as section_from_year,
        sections.valid_to_year as section_to_year,
        {{ bare_name('classes.name') }} as class_bare,
        classes.valid_from_year as class_from_year,
        classes.valid_to_year as class_to_year
    from codes
    left join codes as sections on codes.level = 'item' and codes.parent_code = sections.code
    left join codes as classes on codes.level <> 'class' and codes.class_code = classes.code

),

-- 人大事务行政运行（项）: the section before the item, without （款）.
names as (

    select
        code,
        level,
        valid_from_year,
        valid_to_year,
        name_bare,
        section_bare,
        section_from_year,
        section_to_year,
        class_bare,
        class_from_year,
        class_to_year
    from lineage

    union all

    select
        code,
        level,
        valid_from_year,
        valid_to_year,
        section_bare || name_bare as name_bare,
        section_bare,
        section_from_year,
        section_to_year,
        class_bare,
        class_from_year,
        class_to_year
    from lineage
    where section_bare is not null

),

printed as (

    select distinct
        identities.edition_key,
        form_rows.row_code as code
    from form_rows
    inner join identities on form_rows.document_id = identities.document_id
    where form_rows.classification = 'functional' and form_rows.row_code is not null

),

-- Publishers write 类 where they mean 款: a name above the innermost may be that of the section or of the class.
candidates as (

    select distinct
        subjects.document_id,
        subjects.class_name,
        subjects.section_name,
        subjects.item_name,
        subjects.subject,
        names.code,
        case when printed.code is null then 1 else 0 end as is_not_printed
    from subjects
    inner join names
        on
            subjects.level = names.level
            and subjects.innermost = names.name_bare
            and {{ valid_in('subjects.fiscal_year', 'names.valid_from_year', 'names.valid_to_year') }}
            and {{ valid_in('subjects.fiscal_year', 'names.section_from_year', 'names.section_to_year') }}
            and {{ valid_in('subjects.fiscal_year', 'names.class_from_year', 'names.class_to_year') }}
    left join printed on subjects.edition_key = printed.edition_key and names.code = printed.code
    where
        (
            subjects.level = 'class'
            or subjects.class_bare is null
            or subjects.class_bare in (names.class_bare, names.section_bare)
        )
        and (
            subjects.level <> 'item'
            or subjects.section_bare is null
            or subjects.section_bare in (names.class_bare, names.section_bare)
        )
        and (subjects.is_named or printed.code is not null)

),

-- Where several codes bear the name, those that the disclosure's forms print come first; a name that stays ambiguous has no code.
ranked as (

    select
        *,
        min(is_not_printed) over (partition by document_id, subject, class_name, section_name, item_name) as best
    from candidates

)

select
    document_id,
    class_name,
    section_name,
    item_name,
    subject,
    min(code) as functional_code
from ranked
where is_not_printed = best
group by document_id, subject, class_name, section_name, item_name
having count(*) = 1
