with broken_checks as (

    select * from {{ ref('bridge_finding_check') }}

),

causes as (

    select * from {{ ref('int_finding_cause') }}

),

figures as (

    select * from {{ ref('int_finding_figure') }}

),

places as (

    select *
    from {{ ref('int_finding_place') }}
    where status = 'inconsistent'

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

),

claims as (

    select * from {{ ref('stg_claim') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

choices as (

    select * from {{ ref('int_document_choice') }}

),

documents as (

    select * from {{ ref('dim_document') }}

),

known as (

    select * from {{ ref('known_discrepancy') }}

),

evidence as (

    select
        place_key,
        max(broken_count) as broken_count,
        max(kept_count) as kept_count
    from causes
    group by place_key

),

-- What a finding breaks beside the check that tells it.
others as (

    select
        finding_key,
        {{ join_values("check_name || coalesce(' (page ' || " ~ as_text('source_page') ~ " || ')', '')", '; ') }} as also_breaks
    from broken_checks
    where not is_principal
    group by finding_key

),

-- Who else says otherwise: the other figures of the broken checks, by form and page.
other_places as (

    select
        causes.place_key as finding_key,
        coalesce(amounts.form_code, places.form_code, 'text')
        || coalesce(' (page ' || {{ as_text('coalesce(amounts.source_page, claims.source_page, places.source_page)') }} || ')', '')
            as place,
        coalesce(amounts.confidence, claims.confidence) as confidence
    from causes
    inner join places on causes.check_key = places.check_key
    left join amounts
        on
            split_part(places.place_key, '/', 1) = amounts.document_id
            and places.place_key = {{ cell_key('amounts') }}
    left join claims
        on
            split_part(places.place_key, '/', 1) = claims.document_id
            and case when split_part(places.place_key, '/', 2) = 'claim' then split_part(places.place_key, '/', 3) end
            = {{ as_text('claims.claim_order') }}
    where causes.place_key <> places.place_key

),

contradictions as (

    select
        finding_key,
        {{ join_values('place', '; ') }} as contradicts,
        min(confidence) as other_confidence
    from other_places
    group by finding_key

),

findings as (

    select
        broken_checks.finding_key,
        figures.document_id,
        broken_checks.family,
        broken_checks.check_name,
        broken_checks.severity,
        figures.place_kind,
        figures.form_code,
        figures.side,
        figures.row_code,
        figures.row_label,
        figures.column_code,
        figures.claim_order as claim_number,
        figures.source_page,
        figures.source_table,
        figures.source_row,
        figures.source_column,
        figures.printed_text,
        figures.unit,
        figures.printed_value,
        broken_checks.expected_value,
        broken_checks.expected_value - broken_checks.tolerance as allowed_low,
        broken_checks.expected_value + broken_checks.tolerance as allowed_high,
        abs(broken_checks.difference) - broken_checks.tolerance as excess,
        broken_checks.reason,
        broken_checks.suspect_count,
        figures.sentence,
        figures.confidence,
        evidence.broken_count,
        evidence.kept_count,
        others.also_breaks,
        contradictions.contradicts,
        contradictions.other_confidence
    from broken_checks
    inner join figures on broken_checks.finding_key = figures.place_key
    inner join evidence on broken_checks.finding_key = evidence.place_key
    left join others on broken_checks.finding_key = others.finding_key
    left join contradictions on broken_checks.finding_key = contradictions.finding_key
    where broken_checks.is_principal

)

select
    findings.finding_key,
    findings.document_id,
    identities.disclosure_key,
    identities.department_key,
    identities.department_name,
    identities.fiscal_year,
    identities.disclosure_kind,
    documents.file_name,
    findings.family,
    findings.check_name,
    findings.severity,
    findings.place_kind,
    findings.form_code,
    findings.side,
    findings.row_code,
    findings.row_label,
    findings.column_code,
    findings.claim_number,
    findings.source_page,
    findings.source_table,
    findings.source_row,
    findings.source_column,
    findings.printed_text,
    findings.unit,
    cast(findings.printed_value as decimal(24, 6)) as printed_value,
    cast(findings.expected_value as decimal(24, 6)) as expected_value,
    cast(findings.allowed_low as decimal(24, 6)) as allowed_low,
    cast(findings.allowed_high as decimal(24, 6)) as allowed_high,
    cast(findings.excess as decimal(24, 6)) as excess,
    findings.reason,
    findings.sentence,
    cast(findings.broken_count as integer) as broken_check_count,
    cast(findings.kept_count as integer) as kept_check_count,
    findings.suspect_count,
    findings.also_breaks,
    findings.contradicts,
    known.document_id is not null as is_known,
    known.whose_error,
    known.reason as known_reason,
    known.since as known_since,
    findings.confidence,
    -- What is no single figure, such as a form that is missing, is as sure as the document.
    findings.confidence is not null
    or findings.other_confidence is not null
    or (findings.place_kind not in ('cell', 'claim') and documents.text_source <> 'text') as is_recognised,
    case
        when findings.place_kind in ('claim', 'prose') then identities.is_explanation_current
        else coalesce(choices.is_current, identities.is_current)
    end as is_current
from findings
inner join identities on findings.document_id = identities.document_id
left join choices
    on
        findings.document_id = choices.document_id
        and findings.form_code = choices.part
inner join documents on findings.document_id = documents.document_id
left join known on {{ is_listed('findings', 'known') }}
