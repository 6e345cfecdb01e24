-- The total expenditure of a department: the budget of the year and its final account, each from its own disclosure.
select
    spent.fiscal_year,
    max(spent.value) filter (where spent.metric = 'total_expenditure' and spent.disclosure_kind = 'budget') as budget_amount,
    max(spent.value) filter (where spent.metric = 'total_expenditure' and spent.disclosure_kind = 'final_account') as final_amount,
    max(spent.value) filter (where spent.metric = 'execution_rate') as execution_rate,
    max(spent.reason) filter (where spent.metric = 'execution_rate') as reason
from marts.fct_metric as spent
where
    spent.metric in ('total_expenditure', 'execution_rate')
    and spent.department_key = $department
    and spent.reporting_scope = $reporting_scope
group by spent.fiscal_year
order by spent.fiscal_year
