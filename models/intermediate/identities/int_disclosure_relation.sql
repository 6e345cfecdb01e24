with identities as (

    select * from {{ ref('int_document_edition') }}

),

aliases as (

    select * from {{ ref('department_alias') }}

),

disclosures as (

    select distinct
        edition_key,
        is_superseded_edition,
        department_key,
        fiscal_year,
        disclosure_kind,
        reporting_scope
    from identities

),

-- Other years and other departments are compared with what stands now.
standing as (

    select *
    from disclosures
    where not coalesce(is_superseded_edition, false)

),

-- A unit with the name of its department and a bracket behind it, as （本级） or （本部）, is the own level of the department.
known_units as (

    select
        disclosures.edition_key,
        aliases.department_key as unit_key,
        max(case when aliases.department_key like disclosures.department_key || '（%' then 1 else 0 end) as is_own_level
    from disclosures
    inner join aliases
        on
            disclosures.department_key = aliases.parent_key
            and {{ valid_in('disclosures.fiscal_year', 'aliases.valid_from_year', 'aliases.valid_to_year') }}
    where aliases.relation = 'unit' and disclosures.reporting_scope = 'department'
    group by disclosures.edition_key, aliases.department_key

),

-- A department with all its units is its own level and each unit.
parts_of_department as (

    select
        edition_key,
        unit_key,
        is_own_level
    from known_units

    union all

    select
        known_units.edition_key,
        disclosures.department_key as unit_key,
        1 as is_own_level
    from known_units
    inner join disclosures on known_units.edition_key = disclosures.edition_key
    group by known_units.edition_key, disclosures.department_key
    having max(known_units.is_own_level) = 0

)

select
    edition_key,
    fiscal_year,
    disclosure_kind,
    'same' as relation,
    edition_key as other_edition_key,
    true as is_loaded,
    {{ as_text('null') }} as part_name
from disclosures

union all

select
    disclosures.edition_key,
    disclosures.fiscal_year,
    disclosures.disclosure_kind,
    'prior_year' as relation,
    others.edition_key as other_edition_key,
    others.edition_key is not null as is_loaded,
    {{ as_text('null') }} as part_name
from disclosures
left join standing as others
    on
        disclosures.department_key = others.department_key
        and disclosures.reporting_scope = others.reporting_scope
        and disclosures.disclosure_kind = others.disclosure_kind
        and disclosures.fiscal_year = others.fiscal_year + 1

union all

select
    disclosures.edition_key,
    disclosures.fiscal_year,
    disclosures.disclosure_kind,
    'budget' as relation,
    others.edition_key as other_edition_key,
    others.edition_key is not null as is_loaded,
    {{ as_text('null') }} as part_name
from disclosures
left join standing as others
    on
        disclosures.department_key = others.department_key
        and disclosures.reporting_scope = others.reporting_scope
        and disclosures.fiscal_year = others.fiscal_year
        and others.disclosure_kind = 'budget'
where disclosures.disclosure_kind = 'final_account'

union all

select
    disclosures.edition_key,
    disclosures.fiscal_year,
    disclosures.disclosure_kind,
    'units' as relation,
    coalesce(others.edition_key, own_levels.edition_key) as other_edition_key,
    coalesce(others.edition_key, own_levels.edition_key) is not null as is_loaded,
    parts_of_department.unit_key
    || case when parts_of_department.unit_key = disclosures.department_key then '（本级）' else '' end as part_name
from disclosures
left join parts_of_department on disclosures.edition_key = parts_of_department.edition_key
left join standing as others
    on
        parts_of_department.unit_key = others.department_key
        and others.reporting_scope = 'unit'
        and disclosures.disclosure_kind = others.disclosure_kind
        and disclosures.fiscal_year = others.fiscal_year
-- The own level may also be published under the name of the department, as 单位决算.
left join standing as own_levels
    on
        case when parts_of_department.is_own_level = 1 then disclosures.department_key end = own_levels.department_key
        and own_levels.reporting_scope = 'unit'
        and disclosures.disclosure_kind = own_levels.disclosure_kind
        and disclosures.fiscal_year = own_levels.fiscal_year
where disclosures.reporting_scope = 'department'
