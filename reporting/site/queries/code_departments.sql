-- Which departments print a code, from when to when, and the largest amount of it in the latest disclosure.
with printed as (
    select
        'functional' as classification, functional_code as code, department_key, fiscal_year, disclosure_kind, disclosure_key,
        total_amount, form_code
    from marts.fct_expenditure_by_function
    union all
    select
        'economic', economic_code, department_key, fiscal_year, disclosure_kind, disclosure_key, total_amount, form_code
    from marts.fct_expenditure_by_economic_class
),

placed as (
    select
        *,
        row_number() over (
            partition by classification, code, department_key
            order by fiscal_year desc, disclosure_kind desc, total_amount desc nulls last, form_code, disclosure_key
        ) as place
    from printed
),

departments as (
    select
        placed.classification,
        placed.code,
        placed.department_key,
        names.department_name,
        names.is_simulated,
        min(placed.fiscal_year) as first_year,
        max(placed.fiscal_year) as last_year,
        count(distinct placed.disclosure_key) as disclosures,
        max(placed.disclosure_key) filter (where placed.place = 1) as latest_disclosure_key,
        max(placed.disclosure_kind) filter (where placed.place = 1) as latest_kind,
        max(placed.form_code) filter (where placed.place = 1) as latest_form_code,
        max(placed.total_amount) filter (where placed.place = 1) as latest_amount
    from placed
    inner join marts.dim_department as names on placed.department_key = names.department_key
    group by placed.classification, placed.code, placed.department_key, names.department_name, names.is_simulated
)

select * from departments
where $scope
order by classification, code, department_name, department_key
