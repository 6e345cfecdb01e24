-- Figures stated in the text that disagree, with their sentence.
with claims as (
    select
        department_key,
        disclosure_key,
        document_id,
        claim_number,
        source_page,
        source_line,
        section,
        subject,
        claim_kind,
        value_text,
        delta_text,
        percent_text,
        unit,
        sentence,
        severity,
        check_name,
        reason,
        is_current
    from marts.fct_narrative_claim
    where status = 'inconsistent'
)

select * from claims
where $scope
order by disclosure_key, document_id, source_page, source_line, claim_number
