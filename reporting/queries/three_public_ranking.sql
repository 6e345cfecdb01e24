-- Who spent most on three public expenses in one year? One row a department or unit; per head where it states its staff.
select
    spent.department_key,
    spent.value as amount,
    per_head.value as per_head,
    per_head.reason,
    spent.is_simulated
from marts.fct_metric as spent
left join marts.fct_metric as per_head
    on spent.disclosure_key = per_head.disclosure_key and per_head.metric = 'three_public_per_head'
where
    spent.metric = 'three_public_expenses'
    and spent.fiscal_year = $fiscal_year
    and spent.disclosure_kind = $disclosure_kind
    and spent.reporting_scope = $reporting_scope
order by spent.value desc nulls last, spent.department_key
