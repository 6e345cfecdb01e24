with checks as (

    select * from {{ ref('int_prose_check') }}

),

claims as (

    select * from {{ ref('stg_claim') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

)

select
    checks.document_id || '/' || checks.check_name || '/' || checks.place as check_key,
    checks.document_id,
    identities.disclosure_key,
    identities.department_key,
    identities.fiscal_year,
    identities.disclosure_kind,
    checks.check_name,
    checks.claim_order as claim_number,
    checks.sentence_order as sentence_number,
    checks.section,
    checks.printed,
    checks.expected,
    checks.status,
    checks.severity,
    checks.reason,
    checks.quote as sentence,
    -- A sentence may go on on the next page: the figures tell where.
    coalesce(claims.source_page, checks.source_page) as source_page,
    identities.is_explanation_current as is_current
from checks
inner join identities on checks.document_id = identities.document_id
left join claims
    on
        checks.document_id = claims.document_id
        and checks.claim_order = claims.claim_order
