-- The verdict follows from the figures beside it, whoever computed it.
select
    document_id,
    form_code,
    check_name,
    printed,
    summed,
    difference,
    tolerance,
    status
from {{ ref('rpt_form_reconciliation') }}
where
    (status = 'consistent' and (printed is null or summed is null or abs(printed - summed) > tolerance))
    or (status = 'inconsistent' and (printed is null or summed is null or abs(printed - summed) <= tolerance))
    or printed - summed <> difference
