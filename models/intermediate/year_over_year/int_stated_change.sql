with claims as (

    select * from {{ ref('stg_claim') }}

),

sentences as (

    select * from {{ ref('stg_sentence') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

functional_codes as (

    select * from {{ ref('int_claim_functional_code') }}

),

-- Changes against a budget of the same year are completions, not comparisons of years.
changes as (

    select
        claims.*,
        identities.edition_key,
        identities.disclosure_key,
        identities.is_explanation_current as is_current,
        identities.department_key,
        identities.fiscal_year,
        identities.disclosure_kind,
        identities.reporting_scope,
        sentences.section,
        functional_codes.functional_code,
        {{ canonical_name('claims.subject') }} as canonical_subject,
        {{ canonical_name('sentences.text') }} as sentence_text,
        cast(claims.compared_with as integer) as compared_year
    from claims
    inner join sentences
        on
            claims.document_id = sentences.document_id
            and claims.sentence_order = sentences.sentence_order
    inner join identities on claims.document_id = identities.document_id
    left join functional_codes
        on
            claims.document_id = functional_codes.document_id
            and claims.subject = functional_codes.subject
            and coalesce(claims.class_name, '') = coalesce(functional_codes.class_name, '')
            and coalesce(claims.section_name, '') = coalesce(functional_codes.section_name, '')
            and coalesce(claims.item_name, '') = coalesce(functional_codes.item_name, '')
    where
        claims.claim_kind = 'change'
        and {{ matches('claims.compared_with', '^[0-9]{4}$') }}

),

-- 2022年执行数为1.48万元，2023年安排2.63万元，增加77.7%: the sentence itself says what the year before was.
stated_priors as (

    select
        changes.document_id,
        changes.claim_order,
        priors.value as stated_prior,
        priors.value_half_unit as stated_prior_half_unit,
        priors.unit as stated_prior_unit,
        row_number() over (
            partition by changes.document_id, changes.claim_order
            order by priors.claim_order desc
        ) as choice
    from changes
    inner join claims as priors
        on
            changes.document_id = priors.document_id
            and changes.sentence_order = priors.sentence_order
            and changes.subject = priors.subject
            and changes.compared_with = priors.compared_with
            and changes.claim_order > priors.claim_order
    where priors.claim_kind = 'amount' and priors.phase = 'prior'

),

bases as (

    select
        changes.*,
        stated_priors.stated_prior,
        stated_priors.stated_prior_half_unit,
        (
            {{ is_money("coalesce(changes.unit, '元')") }}
            and {{ is_money("coalesce(changes.delta_unit, '元')") }}
            and {{ is_money("coalesce(stated_priors.stated_prior_unit, '元')") }}
        ) as is_money,
        {{ matches('changes.sentence_text', '(比|与|较|同|小于|大于|低于|高于)[^，。；]{0,14}执行') }} as names_execution,
        {{ matches('changes.sentence_text', '(比|与|较|同|小于|大于|低于|高于)[^，。；]{0,14}决算') }} as names_final,
        {{ matches(
            'changes.sentence_text',
            '(比|与|较|同|小于|大于|低于|高于)[^，。；]{0,14}预算(数|安排数?)?([^执数安]|$)'
        ) }} as names_budget,
        {{ matches('changes.sentence_text', '基本(持平|一致|相同)|变化不大|无明显|大体|大致|左右|约') }} as is_rough,
        case changes.direction when 'increase' then 1 when 'decrease' then -1 when 'flat' then 0 end as sign
    from changes
    left join stated_priors
        on
            changes.document_id = stated_priors.document_id
            and changes.claim_order = stated_priors.claim_order
            and stated_priors.choice = 1

)

select
    document_id,
    claim_order,
    sentence_order,
    edition_key,
    disclosure_key,
    is_current,
    department_key,
    fiscal_year,
    disclosure_kind,
    reporting_scope,
    section,
    subject,
    canonical_subject,
    measure as claim_measure,
    functional_code,
    phase,
    value,
    value_half_unit,
    delta,
    delta_half_unit,
    percent,
    percent_half_unit,
    direction,
    sign,
    compared_year,
    stated_prior,
    stated_prior_half_unit,
    is_money,
    is_rough,
    case
        when
            case when names_execution then 1 else 0 end
            + case when names_final then 1 else 0 end
            + case when names_budget then 1 else 0 end > 1
            then 'unclear'
        when names_execution then 'execution'
        when names_final then 'final_account'
        when names_budget then 'budget'
        else 'unnamed'
    end as prior_basis,
    quote,
    source_page
from bases
