-- What the facts at the grain of a disclosure take is current, and a superseded document has its own reason.
select
    disclosure_key,
    form_code,
    document_id
from {{ ref('int_disclosure_form') }}
where is_chosen and status <> 'missing' and not is_current
