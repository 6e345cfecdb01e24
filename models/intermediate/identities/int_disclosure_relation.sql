with identities as (

    select * from {{ ref('int_document_identity') }}

),

aliases as (

    select * from {{ ref('department_alias') }}

),

disclosures as (

    select distinct
        disclosure_key,
        department_key,
        fiscal_year,
        disclosure_kind,
        reporting_scope
    from identities

),

-- A department with all its units is its own level and each unit. Its own level is published under its own name as a unit.
known_units as (

    select distinct
        parent_key as department_key,
        department_key as unit_key
    from aliases
    where relation = 'unit' and parent_key is not null

),

parts_of_department as (

    select
        department_key,
        unit_key
    from known_units
    union distinct
    select
        department_key,
        department_key as unit_key
    from known_units

)

select
    disclosure_key,
    fiscal_year,
    disclosure_kind,
    'same' as relation,
    disclosure_key as other_disclosure_key,
    true as is_loaded
from disclosures

union all

select
    disclosures.disclosure_key,
    disclosures.fiscal_year,
    disclosures.disclosure_kind,
    'prior_year' as relation,
    others.disclosure_key as other_disclosure_key,
    others.disclosure_key is not null as is_loaded
from disclosures
left join disclosures as others
    on
        disclosures.department_key = others.department_key
        and disclosures.reporting_scope = others.reporting_scope
        and disclosures.disclosure_kind = others.disclosure_kind
        and disclosures.fiscal_year = others.fiscal_year + 1

union all

select
    disclosures.disclosure_key,
    disclosures.fiscal_year,
    disclosures.disclosure_kind,
    'budget' as relation,
    others.disclosure_key as other_disclosure_key,
    others.disclosure_key is not null as is_loaded
from disclosures
left join disclosures as others
    on
        disclosures.department_key = others.department_key
        and disclosures.reporting_scope = others.reporting_scope
        and disclosures.fiscal_year = others.fiscal_year
        and others.disclosure_kind = 'budget'
where disclosures.disclosure_kind = 'final_account'

union all

select
    disclosures.disclosure_key,
    disclosures.fiscal_year,
    disclosures.disclosure_kind,
    'units' as relation,
    others.disclosure_key as other_disclosure_key,
    others.disclosure_key is not null as is_loaded
from disclosures
left join parts_of_department on disclosures.department_key = parts_of_department.department_key
left join disclosures as others
    on
        parts_of_department.unit_key = others.department_key
        and others.reporting_scope = 'unit'
        and disclosures.disclosure_kind = others.disclosure_kind
        and disclosures.fiscal_year = others.fiscal_year
where disclosures.reporting_scope = 'department'
