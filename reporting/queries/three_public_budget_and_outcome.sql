-- Three public expenses of a department: what was budgeted for them and what was spent, as the final account of the year prints both.
select
    fiscal_year,
    max(amount) filter (where phase = 'budget') as budget_amount,
    max(amount) filter (where phase = 'final') as final_amount
from marts.fct_three_public_expenses
where
    department_key = $department
    and disclosure_kind = 'final_account'
    and disclosure_key in (select disclosure_key from marts.dim_disclosure where reporting_scope = $reporting_scope)
    and measure = 'total'
group by fiscal_year
order by fiscal_year
