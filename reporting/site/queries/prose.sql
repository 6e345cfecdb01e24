-- Checks of the text that do not hold: parts of a whole, years, names of forms, remains of a template.
with checks as (
    select
        department_key,
        disclosure_key,
        document_id,
        check_key,
        check_name,
        claim_number,
        source_page,
        printed,
        expected,
        sentence,
        severity,
        reason,
        is_current
    from marts.fct_narrative_check
    where status = 'inconsistent'
)

select * from checks
where $scope
order by disclosure_key, document_id, source_page, check_name, check_key
