-- What does a department spend its money on, and how does that change over the years? (in 万元)
-- Another one: variable `department`. Renamed departments keep their key, so that the years before the renaming are there as well.
select
    spending.fiscal_year,
    disclosures.department_name,
    spending.functional_code,
    spending.printed_name,
    round(spending.total_amount / 10000, 2) as total_wan,
    round(100 * spending.total_amount / sum(spending.total_amount) over (partition by spending.disclosure_key), 1) as share_percent
from {{ ref('fct_expenditure_by_function') }} as spending
inner join {{ ref('dim_disclosure') }} as disclosures on spending.disclosure_key = disclosures.disclosure_key
where
    spending.department_key = '{{ var("department", "云岭省澜溪市自然资源和规划局") }}'
    and spending.disclosure_kind = 'final_account'
    and disclosures.reporting_scope = 'department'
    and spending.form_code = 'expenditure'
    and spending.level = 'class'
order by spending.fiscal_year, spending.functional_code
