-- On which items (功能分类 项) did each department spend most in its latest final account? (in 元; three items a department)
-- Only rows that no other row is a part of are ranked, so that nothing is counted twice.
with ranked as (

    select
        latest.department_name,
        latest.fiscal_year,
        spending.functional_code,
        spending.printed_name,
        spending.total_amount,
        spending.source_page,
        sum(spending.total_amount) over (partition by spending.disclosure_key) as all_amount,
        row_number() over (
            partition by spending.disclosure_key
            order by spending.total_amount desc, spending.functional_code asc
        ) as place
    from {{ leaf_rows() }} as spending
    inner join {{ latest_disclosure() }} as latest on spending.disclosure_key = latest.disclosure_key

)

select
    department_name,
    fiscal_year,
    place,
    functional_code,
    printed_name,
    total_amount,
    round(100 * total_amount / nullif(all_amount, 0), 1) as share_percent,
    source_page
from ranked
where place <= 3
order by department_name, fiscal_year, place
