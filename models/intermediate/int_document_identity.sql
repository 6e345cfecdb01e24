with documents as (

    select * from {{ ref('stg_document') }}

),

aliases as (

    select * from {{ ref('department_alias') }}

),

keyed as (

    {{ with_department_key('documents', 'aliases') }}

)

select
    document_id,
    {{ disclosure_key() }} as disclosure_key,
    department_key,
    department_name,
    fiscal_year,
    disclosure_kind,
    reporting_scope,
    region,
    is_simulated,
    loaded_at
from keyed
