-- Measures beside last year's own disclosure and beside the change that the text states.
with years as (
    select
        department_key,
        disclosure_key,
        reporting_scope,
        measure,
        classification_code,
        name_zh,
        form_code,
        amount,
        prior_amount,
        prior_state,
        change,
        change_percent,
        stated_change,
        stated_percent,
        status,
        reason,
        source_page,
        sentence_page
    from marts.fct_year_over_year
    where classification_code is null or status != 'not_evaluated'
)

select * from years
where $scope
order by disclosure_key, classification_code nulls first, measure
