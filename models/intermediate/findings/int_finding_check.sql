with identity_checks as (

    select * from {{ ref('fct_identity_check') }}

),

claim_checks as (

    select * from {{ ref('int_claim_check') }}

),

claims as (

    select * from {{ ref('stg_claim') }}

),

changes as (

    select * from {{ ref('int_stated_change_verdict') }}

),

prose_checks as (

    select * from {{ ref('fct_narrative_check') }}

),

structure_breaks as (

    select * from {{ ref('int_structure_break') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

identity_outcomes as (

    select
        check_key,
        'identity' as check_kind,
        family,
        check_id as check_name,
        document_id,
        cast(null as integer) as claim_order,
        status,
        severity,
        cast(reported as decimal(24, 6)) as reported,
        cast(expected as decimal(24, 6)) as expected,
        cast(difference as decimal(24, 6)) as difference,
        cast(tolerance as decimal(24, 6)) as tolerance,
        reason,
        source_page,
        is_current as is_form_current
    from identity_checks

),

claim_outcomes as (

    select
        {{ claim_key('claim_checks', 'check') }} || '/' || claim_checks.check_name as check_key,
        'claim' as check_kind,
        'stated_figure' as family,
        claim_checks.check_name,
        claim_checks.document_id,
        claim_checks.claim_order,
        claim_checks.status,
        claim_checks.severity,
        claim_checks.reported,
        claim_checks.expected,
        claim_checks.difference,
        claim_checks.tolerance,
        claim_checks.reason,
        claims.source_page,
        cast(null as boolean) as is_form_current
    from claim_checks
    inner join claims
        on
            claim_checks.document_id = claims.document_id
            and claim_checks.claim_order = claims.claim_order

),

recomputed_changes as (

    select distinct
        document_id,
        claim_order
    from claim_checks
    where check_name in ('rate_of_change', 'change_from_stated_figure')

),

-- What a claim's own check has answered is not asked again of the change that repeats its figure.
asked_changes as (

    select
        changes.*,
        {{ claim_key('changes', 'check') }} as change_key,
        recomputed_changes.document_id is not null as is_rate_checked,
        amounts.check_name is not null as is_amount_checked
    from changes
    inner join claims
        on
            changes.document_id = claims.document_id
            and changes.claim_order = claims.claim_order
    left join recomputed_changes
        on
            changes.document_id = recomputed_changes.document_id
            and changes.claim_order = recomputed_changes.claim_order
    left join claim_checks as amounts
        on
            changes.document_id = amounts.document_id
            and coalesce(claims.value_order, claims.claim_order) = amounts.claim_order
            and amounts.check_name = 'amount_in_form'

),

sentence_outcomes as (

    select
        change_key || '/change_in_itself' as check_key,
        'change' as check_kind,
        'year_over_year' as family,
        'change_in_itself' as check_name,
        document_id,
        claim_order,
        sentence_status as status,
        severity,
        cast(percent as decimal(24, 6)) as reported,
        cast(expected_percent as decimal(24, 6)) as expected,
        cast(percent - expected_percent as decimal(24, 6)) as difference,
        cast(percent_half_unit as decimal(24, 6)) as tolerance,
        sentence_reason as reason,
        source_page,
        cast(null as boolean) as is_form_current
    from asked_changes
    where not is_rate_checked

),

table_outcomes as (

    select
        change_key || '/change_in_form' as check_key,
        'change' as check_kind,
        'year_over_year' as family,
        'change_in_form' as check_name,
        document_id,
        claim_order,
        table_status as status,
        severity,
        cast(value as decimal(24, 6)) as reported,
        cast(amount as decimal(24, 6)) as expected,
        cast(value - amount as decimal(24, 6)) as difference,
        cast(value_half_unit + half_unit as decimal(24, 6)) as tolerance,
        table_reason as reason,
        source_page,
        cast(null as boolean) as is_form_current
    from asked_changes
    where not is_amount_checked

),

prior_outcomes as (

    select
        change_key || '/change_from_prior_year' as check_key,
        'change' as check_kind,
        'year_over_year' as family,
        'change_from_prior_year' as check_name,
        document_id,
        claim_order,
        prior_status as status,
        severity,
        cast(implied_prior as decimal(24, 6)) as reported,
        cast(prior_amount as decimal(24, 6)) as expected,
        cast(implied_prior - prior_amount as decimal(24, 6)) as difference,
        cast(
            prior_amount_half_unit
            + case when implied_prior > prior_amount then implied_prior - implied_prior_low else implied_prior_high - implied_prior end
            as decimal(24, 6)
        ) as tolerance,
        prior_reason as reason,
        source_page,
        cast(null as boolean) as is_form_current
    from asked_changes

),

prose_outcomes as (

    select
        check_key,
        'prose' as check_kind,
        case when check_name in ('shares_of_whole', 'parts_of_amount') then 'stated_figure' else 'wording' end as family,
        check_name,
        document_id,
        claim_number as claim_order,
        status,
        severity,
        cast(null as decimal(24, 6)) as reported,
        cast(null as decimal(24, 6)) as expected,
        cast(null as decimal(24, 6)) as difference,
        cast(null as decimal(24, 6)) as tolerance,
        reason,
        source_page,
        cast(null as boolean) as is_form_current
    from prose_checks

),

structure_outcomes as (

    select
        check_key,
        'structure' as check_kind,
        'structure' as family,
        check_name,
        document_id,
        cast(null as integer) as claim_order,
        'inconsistent' as status,
        'material' as severity,
        cast(null as decimal(24, 6)) as reported,
        cast(null as decimal(24, 6)) as expected,
        cast(null as decimal(24, 6)) as difference,
        cast(null as decimal(24, 6)) as tolerance,
        reason,
        source_page,
        cast(null as boolean) as is_form_current
    from structure_breaks

),

outcomes as (

    select * from identity_outcomes
    union all
    select * from claim_outcomes
    union all
    select * from sentence_outcomes
    union all
    select * from table_outcomes
    union all
    select * from prior_outcomes
    union all
    select * from prose_outcomes
    union all
    select * from structure_outcomes

)

select
    outcomes.check_key,
    outcomes.check_kind,
    outcomes.family,
    outcomes.check_name,
    outcomes.document_id,
    identities.disclosure_key,
    outcomes.claim_order,
    outcomes.status,
    outcomes.severity,
    outcomes.reported,
    outcomes.expected,
    outcomes.difference,
    outcomes.tolerance,
    outcomes.reason,
    outcomes.source_page,
    case outcomes.check_kind
        when 'identity' then outcomes.is_form_current
        when 'structure' then identities.is_current
        else identities.is_explanation_current
    end as is_current
from outcomes
inner join identities on outcomes.document_id = identities.document_id
