-- Projects whose performance the disclosure evaluates, with the amounts and the score that it prints.
with projects as (
    select
        department_key,
        disclosure_key,
        document_id,
        project_key,
        project_name,
        full_year_budget_amount,
        executed_amount,
        execution_rate,
        total_score,
        grade_text,
        indicator_count,
        source_page
    from marts.fct_project_evaluation
)

select * from projects
where $scope
order by disclosure_key, document_id, source_page, project_key
