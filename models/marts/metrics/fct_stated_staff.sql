with claims as (

    select * from {{ ref('fct_narrative_claim') }}

),

disclosures as (

    select * from {{ ref('dim_disclosure') }}

),

-- Those in office: not the posts approved (编制), not the retired, not one kind of staff alone (公务员, 工勤人员).
stated as (

    select
        disclosure_key,
        document_id,
        claim_number,
        subject,
        cast(value as integer) as staff_count,
        source_page
    from claims
    where
        is_current
        and claim_kind = 'count'
        and unit in ('人', '名')
        and {{ matches('subject', staff_in_office()) }}

),

counted as (

    select
        disclosure_key,
        min(staff_count) as lowest_count,
        max(staff_count) as highest_count,
        count(*) as sentence_count
    from stated
    group by disclosure_key

),

first_stated as (

    select
        *,
        row_number() over (partition by disclosure_key order by document_id, claim_number) as choice
    from stated

)

select
    counted.disclosure_key,
    disclosures.department_key,
    disclosures.fiscal_year,
    disclosures.disclosure_kind,
    disclosures.reporting_scope,
    case when counted.lowest_count = counted.highest_count then counted.lowest_count end as staff_count,
    first_stated.subject,
    first_stated.document_id,
    first_stated.claim_number,
    first_stated.source_page,
    cast(counted.sentence_count as integer) as sentence_count,
    case
        when counted.lowest_count < counted.highest_count
            then
                'the disclosure states several numbers, from ' || {{ as_text('counted.lowest_count') }} || ' to '
                || {{ as_text('counted.highest_count') }}
    end as reason
from counted
inner join disclosures on counted.disclosure_key = disclosures.disclosure_key
inner join first_stated
    on
        counted.disclosure_key = first_stated.disclosure_key
        and first_stated.choice = 1
