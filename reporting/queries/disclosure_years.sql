-- Of which years has a department published the final account, or the budget?
select distinct fiscal_year
from marts.dim_disclosure
where
    department_key = $department
    and disclosure_kind = $disclosure_kind
    and reporting_scope = $reporting_scope
order by fiscal_year desc
