-- How did a department do over the years: expenditure, growth, shares, execution of the budget, 三公 per head? (in 元 and percent)
-- Another one: variable `department`. dim_metric says what each metric is.
-- A blank is a year that cannot say it; fct_metric.reason says why.
select
    department_key,
    fiscal_year,
    round(max(case when metric = 'total_expenditure' then value end), 2) as total_expenditure,
    round(max(case when metric = 'expenditure_growth' then value end), 2) as growth_percent,
    round(max(case when metric = 'basic_share' then value end), 2) as basic_percent,
    round(max(case when metric = 'project_share' then value end), 2) as project_percent,
    round(max(case when metric = 'execution_rate' then value end), 2) as execution_percent,
    round(max(case when metric = 'three_public_expenses' then value end), 2) as three_public_expenses,
    round(max(case when metric = 'three_public_per_head' then value end), 2) as three_public_per_head
from {{ ref('fct_metric') }}
where
    department_key = '{{ var("department", "云岭省澜溪市自然资源和规划局") }}'
    and reporting_scope = 'department'
    and coalesce(disclosure_kind, 'final_account') = 'final_account'
group by department_key, fiscal_year
order by fiscal_year
