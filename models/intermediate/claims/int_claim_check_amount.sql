with claims as (

    select * from {{ ref('stg_claim') }}

),

candidates as (

    select * from {{ ref('int_claim_candidate_cell') }}

),

compared as (

    select
        claims.document_id,
        claims.claim_order,
        claims.value,
        claims.value_half_unit,
        candidates.measure_key,
        candidates.form_code,
        candidates.row_code,
        candidates.row_label,
        candidates.column_code,
        candidates.amount,
        candidates.source_page,
        candidates.cell_key,
        claims.value - candidates.amount as difference,
        claims.value_half_unit + candidates.half_unit as tolerance
    from claims
    inner join candidates
        on
            claims.document_id = candidates.document_id
            and claims.claim_order = candidates.claim_order

),

-- Several cells may be meant (every form that prints the figure): the one that fits counts, else the nearest.
ranked as (

    select
        *,
        row_number() over (
            partition by document_id, claim_order
            order by
                case when abs(difference) <= tolerance then 0 else 1 end,
                abs(difference),
                form_code,
                column_code,
                tolerance,
                cell_key
        ) as choice
    from compared

)

select
    document_id,
    claim_order,
    'amount_in_form' as check_name,
    cast(value as decimal(24, 6)) as reported,
    cast(amount as decimal(24, 6)) as expected,
    cast(difference as decimal(24, 6)) as difference,
    cast(tolerance as decimal(24, 6)) as tolerance,
    case when abs(difference) <= tolerance then 'consistent' else 'inconsistent' end as status,
    case
        when abs(difference) <= tolerance then {{ as_text('null') }}
        when abs(difference) <= tolerance + greatest(2 * value_half_unit, 0.01) then 'last_digit'
        else 'material'
    end as severity,
    'the text says ' || {{ yuan_text('value') }} || ', ' || form_code || ' (page ' || {{ as_text('source_page') }} || ') prints '
    || {{ yuan_text('amount') }} || ' in ' || coalesce(row_code || ' ', '') || row_label || ', ' || column_code as reason,
    cell_key as other_key
from ranked
where choice = 1
