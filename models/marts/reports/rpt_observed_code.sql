with functional_codes as (

    select * from {{ ref('int_printed_functional_code') }}

),

economic_codes as (

    select * from {{ ref('int_printed_economic_code') }}

),

documents as (

    select * from {{ ref('stg_document') }}

),

codes as (

    select
        'functional' as classification,
        *,
        {{ functional_level('code') }} as level
    from functional_codes
    union all
    select
        'economic' as classification,
        *,
        {{ economic_level('code') }} as level
    from economic_codes

),

findings as (

    select
        classification,
        code,
        name,
        level,
        finding,
        known_name,
        min(fiscal_year) as first_year,
        max(fiscal_year) as last_year,
        sum(document_count) as document_count,
        min(document_id) as document_id
    from codes
    where finding <> 'known'
    group by classification, code, name, level, finding, known_name

)

select
    findings.classification,
    findings.code,
    findings.name,
    findings.level,
    findings.finding,
    findings.known_name,
    cast(findings.first_year as integer) as first_year,
    cast(findings.last_year as integer) as last_year,
    cast(findings.document_count as integer) as document_count,
    documents.file_name as example_file,
    -- code,name,level,parent_code,valid_from_year,valid_to_year,source,note
    findings.code
    || ',"' || replace(findings.name, '"', '""') || '",'
    || coalesce(findings.level, '') || ','
    || coalesce({{ parent_code('findings.code') }}, '') || ','
    || {{ as_text('findings.first_year') }} || ',' || {{ as_text('findings.last_year') }} || ','
    || '"seen in ' || replace(documents.file_name, '"', '""') || '",' as paste
from findings
inner join documents on findings.document_id = documents.document_id
