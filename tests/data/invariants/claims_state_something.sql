-- A claim without a figure and without a comparison states nothing; a change has a direction, and names what it is measured against.
select
    document_id,
    claim_number,
    claim_kind,
    sentence
from {{ ref('fct_narrative_claim') }}
where
    (value is null and delta is null and percent is null and direction is null)
    or (claim_kind in ('amount', 'count') and value is null)
    or (claim_kind = 'change' and (direction is null or compared_with is null))
    or (claim_kind = 'share' and percent is null)
    or (claim_kind = 'completion' and percent is null and direction is null)
