-- The expenditure of a department by functional class in one year: budget beside final account.
select
    spent.classification_code as code,
    names.name as label,
    max(spent.value) filter (where spent.disclosure_kind = 'budget') as budget_amount,
    max(spent.value) filter (where spent.disclosure_kind = 'final_account') as final_amount
from marts.fct_metric as spent
left join marts.dim_functional_classification as names
    on
        spent.classification_code = names.code
        and spent.fiscal_year >= coalesce(names.valid_from_year, 0)
        and spent.fiscal_year <= coalesce(names.valid_to_year, 9999)
where
    spent.metric = 'class_expenditure'
    and spent.department_key = $department
    and spent.fiscal_year = $fiscal_year
    and spent.reporting_scope = $reporting_scope
group by spent.classification_code, names.name
having max(spent.value) > 0
order by final_amount desc nulls last, code
