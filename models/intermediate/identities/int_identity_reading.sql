with terms as (

    select * from {{ ref('identity_term') }}

),

identities as (

    select * from {{ ref('accounting_identity') }}

),

relations as (

    select * from {{ ref('int_disclosure_relation') }}

),

traits as (

    select * from {{ ref('int_form_trait') }}

),

-- A term of a reading, in a disclosure that the identity is for, and what its form must be like.
candidates as (

    select
        relations.edition_key,
        relations.other_edition_key,
        relations.is_loaded,
        relations.part_name,
        terms.check_id,
        terms.instance,
        terms.reading,
        terms.role,
        terms.sign,
        terms.relation,
        terms.form_code,
        coalesce(terms.side, '') as side,
        terms.row_key,
        terms.column_code,
        -- Where a form tells sources apart, a column without a figure is a source without money; elsewhere it is not in the layout.
        case
            when coalesce(terms.needs_trait, '') <> 'several_columns'
                then 'area:' || coalesce(terms.side, '') || '/' || terms.column_code
            else 'present'
        end as area_trait,
        -- Rows with codes, and rows that add up others, must be there; elsewhere a blank is a blank.
        case
            when terms.row_key like '%*' then 'codes:' || coalesce(terms.side, '') || '/' || terms.column_code
            when
                terms.row_key in ('total', 'personnel_total', 'operating_total', 'line:year_total', 'line:grand_total')
                or terms.row_key like 'phase:%'
                then 'row:' || coalesce(terms.side, '') || '/' || terms.row_key
            else 'present'
        end as row_trait,
        coalesce(terms.needs_trait, 'present') as needs_trait,
        terms.lacks_trait
    from terms
    inner join identities on terms.check_id = identities.check_id
    inner join relations
        on
            terms.relation = relations.relation
            and relations.disclosure_kind = coalesce(terms.disclosure_kind, relations.disclosure_kind)
            and relations.fiscal_year >= coalesce(identities.valid_from_year, 0)

),

looked_up as (

    select
        candidates.*,
        present.trait is not null as is_present,
        areas.trait is not null
        and rows_of_form.trait is not null
        and needed.trait is not null
        and lacking.trait is null as fits_layout
    from candidates
    left join traits as present
        on
            candidates.other_edition_key = present.edition_key
            and candidates.form_code = present.form_code
            and present.trait = 'present'
    left join traits as areas
        on
            candidates.other_edition_key = areas.edition_key
            and candidates.form_code = areas.form_code
            and candidates.area_trait = areas.trait
    left join traits as rows_of_form
        on
            candidates.other_edition_key = rows_of_form.edition_key
            and candidates.form_code = rows_of_form.form_code
            and candidates.row_trait = rows_of_form.trait
    left join traits as needed
        on
            candidates.other_edition_key = needed.edition_key
            and candidates.form_code = needed.form_code
            and candidates.needs_trait = needed.trait
    left join traits as lacking
        on
            candidates.other_edition_key = lacking.edition_key
            and candidates.form_code = lacking.form_code
            and candidates.lacks_trait = lacking.trait

),

-- A reading applies as a whole: where one of its forms is not there, or is laid out otherwise, none of its figures is compared.
applicable as (

    select
        edition_key,
        check_id,
        instance,
        reading
    from looked_up
    group by edition_key, check_id, instance, reading
    having
        min(case when is_present and fits_layout then 1 else 0 end) = 1
        and max(case when role = 'reported' then 1 else 0 end) = 1
        and max(case when role = 'expected' then 1 else 0 end) = 1

)

select
    looked_up.edition_key,
    looked_up.other_edition_key,
    looked_up.is_loaded,
    looked_up.part_name,
    looked_up.check_id,
    looked_up.instance,
    looked_up.reading,
    looked_up.role,
    looked_up.sign,
    looked_up.relation,
    looked_up.form_code,
    looked_up.side,
    looked_up.row_key,
    looked_up.column_code,
    looked_up.is_present,
    looked_up.fits_layout,
    applicable.check_id is not null as applies
from looked_up
left join applicable
    on
        looked_up.edition_key = applicable.edition_key
        and looked_up.check_id = applicable.check_id
        and looked_up.instance = applicable.instance
        and looked_up.reading = applicable.reading
