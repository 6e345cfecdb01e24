{#
    What questions to the marts begin with. Each stands where a table does: `from {{ leaf_rows() }} as spending`.
#}

{#- Rows of a form by function that no other row of it is a part of: their amounts may be added up. -#}
{% macro leaf_rows(form_code='expenditure', disclosure_kind='final_account') -%}
    (
        select *
        from {{ ref('fct_expenditure_by_function') }}
        where is_leaf and form_code = '{{ form_code }}' and disclosure_kind = '{{ disclosure_kind }}'
    )
{%- endmacro %}

{#- The latest disclosure of each department of one kind. -#}
{% macro latest_disclosure(disclosure_kind='final_account', reporting_scope='department') -%}
    (
        select disclosures.*
        from {{ ref('dim_disclosure') }} as disclosures
        inner join (
            select
                department_key,
                max(fiscal_year) as fiscal_year
            from {{ ref('dim_disclosure') }}
            where disclosure_kind = '{{ disclosure_kind }}' and reporting_scope = '{{ reporting_scope }}'
            group by department_key
        ) as latest
            on
                disclosures.department_key = latest.department_key
                and disclosures.fiscal_year = latest.fiscal_year
        where disclosures.disclosure_kind = '{{ disclosure_kind }}' and disclosures.reporting_scope = '{{ reporting_scope }}'
    )
{%- endmacro %}

{#- Expenditure by function of the budget beside that of the final account for the same year: one row a department, year, scope and code that
    either prints. A year of which one of the two is not loaded is left out: nothing can be said of it. -#}
{% macro budget_beside_outcome(level='class') -%}
    (
        select
            department_key,
            fiscal_year,
            reporting_scope,
            functional_code,
            max(printed_name) as printed_name,
            max(case when disclosure_kind = 'budget' then total_amount end) as budget_amount,
            max(case when disclosure_kind = 'final_account' then total_amount end) as final_amount
        from (
            select
                spending.department_key,
                spending.fiscal_year,
                spending.disclosure_kind,
                disclosures.reporting_scope,
                spending.functional_code,
                spending.printed_name,
                spending.total_amount,
                min(spending.disclosure_kind) over (
                    partition by spending.department_key, spending.fiscal_year, disclosures.reporting_scope
                ) as first_kind,
                max(spending.disclosure_kind) over (
                    partition by spending.department_key, spending.fiscal_year, disclosures.reporting_scope
                ) as last_kind
            from {{ ref('fct_expenditure_by_function') }} as spending
            inner join {{ ref('dim_disclosure') }} as disclosures on spending.disclosure_key = disclosures.disclosure_key
            where spending.form_code = 'expenditure' and spending.level = '{{ level }}'
        ) as spending
        where first_kind < last_kind
        group by department_key, fiscal_year, reporting_scope, functional_code
    )
{%- endmacro %}
