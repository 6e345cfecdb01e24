-- Accounting identities that do not hold or could not be evaluated, with the reason.
with checks as (
    select
        department_key,
        disclosure_key,
        document_id,
        form_order,
        form_code,
        family,
        check_id,
        side,
        row_code,
        row_label,
        column_code,
        reported,
        expected,
        difference,
        tolerance,
        status,
        severity,
        reason,
        source_page,
        check_key
    from marts.fct_identity_check
    where status != 'consistent'
)

select * from checks
where $scope
order by disclosure_key, document_id, form_order nulls last, status, check_id, source_page, row_code, row_label, column_code, check_key
