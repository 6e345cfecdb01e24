with documents as (

    select
        *,
        {{ canonical_name('department_name') }} as canonical_department_name
    from {{ ref('stg_superseded_document') }}

),

aliases as (

    select
        *,
        {{ canonical_name('department_name') }} as canonical_department_name
    from {{ ref('department_alias') }}

),

-- As int_document_identity does it: the disclosure has the key that its document would have today.
keyed as (

    select
        documents.*,
        coalesce(aliases.department_key, documents.canonical_department_name) as department_key
    from documents
    left join aliases
        on
            documents.canonical_department_name = aliases.canonical_department_name
            and {{ valid_in('documents.fiscal_year', 'aliases.valid_from_year', 'aliases.valid_to_year') }}

)

select
    document_id,
    file_name,
    file_path,
    department_key
    || '/' || {{ as_text('fiscal_year') }}
    || '/' || disclosure_kind
    || '/' || reporting_scope as disclosure_key,
    department_key,
    fiscal_year,
    disclosure_kind,
    is_simulated,
    superseded_by_document_id,
    stood_from,
    stood_until
from keyed
