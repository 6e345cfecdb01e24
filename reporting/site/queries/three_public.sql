-- “三公” expenses by year: in a final account `final` is the outcome and `budget` the budget beside it.
with expenses as (
    select
        expenses.department_key,
        expenses.fiscal_year,
        disclosures.reporting_scope,
        expenses.disclosure_kind,
        expenses.phase,
        expenses.measure,
        expenses.amount,
        expenses.disclosure_key,
        expenses.source_page
    from marts.fct_three_public_expenses as expenses
    inner join marts.dim_disclosure as disclosures on expenses.disclosure_key = disclosures.disclosure_key
    where expenses.is_money and expenses.measure in (
        'total', 'overseas_travel', 'vehicles', 'vehicle_purchase', 'vehicle_operation', 'official_reception'
    )
)

select * from expenses
where $scope
order by department_key, reporting_scope, fiscal_year, disclosure_kind, phase, measure
