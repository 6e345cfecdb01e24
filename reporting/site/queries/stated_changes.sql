-- Changes that sentences state and that the sentence itself, the forms or last year's disclosure contradict.
with changes as (
    select
        department_key,
        disclosure_key,
        document_id,
        claim_number,
        source_page,
        subject,
        sentence,
        severity,
        sentence_status,
        table_status,
        prior_status,
        case
            when prior_status = 'inconsistent' then prior_reason
            when table_status = 'inconsistent' then table_reason
            else sentence_reason
        end as reason,
        is_current
    from marts.fct_stated_change
    where 'inconsistent' in (sentence_status, table_status, prior_status)
)

select * from changes
where $scope
order by disclosure_key, document_id, source_page, claim_number
