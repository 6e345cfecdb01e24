-- Accounting identities by form: how many apply, and what came of them.
with checks as (
    select
        department_key,
        disclosure_key,
        document_id,
        form_order,
        form_code,
        family,
        check_id,
        count(*) as applicable,
        count(*) filter (where status = 'consistent') as consistent,
        count(*) filter (where status = 'inconsistent') as inconsistent,
        count(*) filter (where status = 'not_evaluated') as not_evaluated
    from marts.fct_identity_check
    group by all
)

select * from checks
where $scope
order by disclosure_key, document_id, form_order nulls last, form_code, family, check_id
