-- The verdict follows from the figures beside it, whoever computed it.
select *
from {{ ref('rpt_form_reconciliation') }}
where
    (status = 'consistent' and (printed is null or summed is null or abs(printed - summed) > tolerance))
    or (status = 'inconsistent' and (printed is null or summed is null or abs(printed - summed) <= tolerance))
    or printed - summed <> difference
