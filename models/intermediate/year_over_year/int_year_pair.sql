with identities as (

    select * from {{ ref('int_document_edition') }}

),

aliases as (

    select * from {{ ref('department_alias') }}

),

disclosures as (

    select distinct
        edition_key,
        disclosure_key,
        is_superseded_edition,
        department_key,
        fiscal_year,
        disclosure_kind,
        reporting_scope
    from identities

),

-- The year in which a department took another one over has no year before that could be compared.
mergers as (

    select
        successor_key as department_key,
        valid_to_year + 1 as fiscal_year,
        min(department_name) as predecessor_name
    from aliases
    where relation = 'merged' and successor_key is not null and valid_to_year is not null
    group by successor_key, valid_to_year

)

select
    disclosures.edition_key,
    disclosures.disclosure_key,
    coalesce(disclosures.is_superseded_edition, false) as is_superseded_edition,
    disclosures.department_key,
    disclosures.fiscal_year,
    disclosures.disclosure_kind,
    disclosures.reporting_scope,
    priors.disclosure_key as prior_disclosure_key,
    mergers.predecessor_name
from disclosures
left join disclosures as priors
    on
        disclosures.department_key = priors.department_key
        and disclosures.disclosure_kind = priors.disclosure_kind
        and disclosures.reporting_scope = priors.reporting_scope
        and disclosures.fiscal_year - 1 = priors.fiscal_year
        and not coalesce(priors.is_superseded_edition, false)
left join mergers
    on
        disclosures.department_key = mergers.department_key
        and disclosures.fiscal_year = mergers.fiscal_year
