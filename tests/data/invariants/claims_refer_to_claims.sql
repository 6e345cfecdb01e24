-- The whole of a part and the source of a value are claims of the same document that stand before it.
with claims as (

    select * from {{ ref('fct_narrative_claim') }}

),

wholes as (

    select
        document_id,
        claim_number,
        'whole' as reference,
        whole_claim_number as referred_number
    from claims
    where whole_claim_number is not null

),

sources as (

    select
        document_id,
        claim_number,
        'value' as reference,
        value_claim_number as referred_number
    from claims
    where value_claim_number is not null

),

referring as (

    select * from wholes
    union all
    select * from sources

)

select referring.*
from referring
left join claims
    on
        referring.document_id = claims.document_id
        and referring.referred_number = claims.claim_number
where
    claims.claim_number is null
    or referring.referred_number >= referring.claim_number
    or claims.value is null
