-- The summary of income and expenditure: lines that add up to the total, on the side of income and by function.
with lines as (
    select
        summary.department_key,
        summary.disclosure_key,
        summary.fiscal_year,
        summary.disclosure_kind,
        disclosures.reporting_scope,
        summary.side,
        summary.line_number,
        summary.role,
        summary.printed_label,
        coalesce(summary.total_amount, summary.final_amount, summary.budget_amount) as amount,
        summary.source_page
    from marts.fct_income_expenditure_summary as summary
    inner join marts.dim_disclosure as disclosures on summary.disclosure_key = disclosures.disclosure_key
    where summary.form_code = 'income_expenditure_summary' and summary.side in ('income', 'expenditure')
        and summary.role in ('part', 'balance', 'grand_total', 'year_total')
)

select * from lines
where $scope
order by department_key, disclosure_key, side desc, line_number
