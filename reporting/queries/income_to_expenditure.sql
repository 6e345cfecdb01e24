-- From which sources did a department have its money in one year, and for what was it spent?
-- The parts of the summary of income and expenditure, balances included; lines that print 0 or nothing are left out.
select
    side,
    role,
    line_code,
    coalesce(functional_code, line_code) as code,
    -- Ordinals (一、) are the form's, not the line's.
    regexp_replace(printed_label, '^[一二三四五六七八九十]+、', '') as label,
    total_amount as amount,
    source_page,
    disclosure_key
from marts.fct_income_expenditure_summary
where
    department_key = $department
    and fiscal_year = $fiscal_year
    and disclosure_kind = $disclosure_kind
    and disclosure_key in (select disclosure_key from marts.dim_disclosure where reporting_scope = $reporting_scope)
    and form_code = 'income_expenditure_summary'
    and side in ('income', 'expenditure')
    and role in ('part', 'balance', 'grand_total')
    and total_amount <> 0
order by side desc, role = 'grand_total', role desc, amount desc
