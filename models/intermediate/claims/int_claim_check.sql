with amount_checks as (

    select * from {{ ref('int_claim_check_amount') }}

),

rate_checks as (

    select * from {{ ref('int_claim_check_rate') }}

),

share_checks as (

    select * from {{ ref('int_claim_check_share') }}

),

completion_checks as (

    select * from {{ ref('int_claim_check_completion') }}

),

name_checks as (

    select * from {{ ref('int_claim_check_name') }}

),

part_checks as (

    select * from {{ ref('int_claim_check_parts') }}

),

score_checks as (

    select * from {{ ref('int_claim_check_score') }}

),

checks as (

    select
        document_id,
        claim_order,
        check_name,
        reported,
        expected,
        difference,
        tolerance,
        status,
        severity,
        reason
    from amount_checks

    union all

    select
        document_id,
        claim_order,
        check_name,
        reported,
        expected,
        difference,
        tolerance,
        status,
        severity,
        reason
    from rate_checks

    union all

    select
        document_id,
        claim_order,
        check_name,
        reported,
        expected,
        difference,
        tolerance,
        status,
        severity,
        reason
    from share_checks

    union all

    select
        document_id,
        claim_order,
        check_name,
        reported,
        expected,
        difference,
        tolerance,
        status,
        severity,
        reason
    from completion_checks

    union all

    select
        document_id,
        claim_order,
        check_name,
        reported,
        expected,
        difference,
        tolerance,
        status,
        severity,
        reason
    from name_checks

    union all

    select
        document_id,
        claim_order,
        check_name,
        reported,
        expected,
        difference,
        tolerance,
        status,
        severity,
        reason
    from part_checks

    union all

    select
        document_id,
        claim_order,
        check_name,
        reported,
        expected,
        difference,
        tolerance,
        status,
        severity,
        reason
    from score_checks

)

select * from checks
