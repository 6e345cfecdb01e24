with documents as (

    select
        *,
        {{ canonical_name('department_name') }} as canonical_department_name
    from {{ ref('stg_document') }}

),

aliases as (

    select
        *,
        {{ canonical_name('department_name') }} as canonical_department_name
    from {{ ref('department_alias') }}

),

-- An alias is valid for some years: the same name may belong to another department later.
keyed as (

    select
        documents.document_id,
        documents.department_name,
        documents.fiscal_year,
        documents.disclosure_kind,
        documents.reporting_scope,
        documents.region,
        documents.is_simulated,
        documents.loaded_at,
        coalesce(aliases.department_key, documents.canonical_department_name) as department_key
    from documents
    left join aliases
        on
            documents.canonical_department_name = aliases.canonical_department_name
            and {{ valid_in('documents.fiscal_year', 'aliases.valid_from_year', 'aliases.valid_to_year') }}

)

select
    document_id,
    department_key
    || '/' || {{ as_text('fiscal_year') }}
    || '/' || disclosure_kind
    || '/' || reporting_scope as disclosure_key,
    department_key,
    department_name,
    fiscal_year,
    disclosure_kind,
    reporting_scope,
    region,
    is_simulated,
    loaded_at
from keyed
