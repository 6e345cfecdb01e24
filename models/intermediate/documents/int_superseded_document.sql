with documents as (

    select * from {{ ref('stg_superseded_document') }}

),

aliases as (

    select * from {{ ref('department_alias') }}

),

-- The disclosure has the key that its document would have today.
keyed as (

    {{ with_department_key('documents', 'aliases') }}

)

select
    document_id,
    file_name,
    file_path,
    {{ disclosure_key() }} as disclosure_key,
    department_key,
    fiscal_year,
    disclosure_kind,
    is_simulated,
    superseded_by_document_id,
    stood_from,
    stood_until
from keyed
