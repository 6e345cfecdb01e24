with checks as (

    select *
    from {{ ref('int_finding_check') }}
    where status in ('consistent', 'inconsistent')

),

identity_verdicts as (

    select * from {{ ref('int_identity_verdict') }}

),

terms as (

    select * from {{ ref('bridge_identity_term') }}

),

told_claims as (

    select * from {{ ref('stg_claim') }}

),

-- A figure that several claims of a sentence repeat is one place, and so is the whole that its shares are of.
first_claims as (

    select
        document_id,
        claim_order,
        case
            when value <> 0 then min(claim_order) over (partition by document_id, sentence_order, value, unit)
            else claim_order
        end as first_claim_order
    from told_claims

),

claims as (

    select
        told_claims.*,
        coalesce(first_claims.first_claim_order, told_claims.claim_order) as value_claim_order,
        min(case when told_claims.claim_kind = 'share' then told_claims.claim_order end) over (
            partition by
                told_claims.document_id,
                coalesce(told_claims.whole_order, 0),
                case when told_claims.whole_order is null then told_claims.sentence_order end
        ) as share_claim_order
    from told_claims
    left join first_claims
        on
            told_claims.document_id = first_claims.document_id
            and coalesce(told_claims.value_order, told_claims.claim_order) = first_claims.claim_order

),

claim_checks as (

    select * from {{ ref('int_claim_check') }}

),

changes as (

    select * from {{ ref('int_stated_change_verdict') }}

),

prose_checks as (

    select * from {{ ref('fct_narrative_check') }}

),

-- Terms of an identity. What would make it hold, if this one figure were wrong: the reported side takes the difference away, the
-- expected side adds it. The figures of a ratio, and the whole of 其中 ≤ whole, could be many others.
identity_places as (

    select
        checks.check_key,
        checks.check_name,
        checks.status,
        case when terms.form_order is null then {{ project_key('terms') }} else {{ cell_key('terms') }} end as place_key,
        terms.form_code,
        terms.source_page,
        case terms.role when 'reported' then 1 else 2 end as preference,
        cast(
            case
                when terms.role = 'reported' then terms.amount - terms.term_sign * checks.difference
                when terms.role = 'expected' and identity_verdicts.comparison = 'equal'
                    then terms.amount + terms.term_sign * checks.difference
            end as decimal(24, 6)
        ) as implied,
        -- A part within its whole says little for either.
        identity_verdicts.comparison <> 'at_most' as is_evidence
    from checks
    inner join identity_verdicts on checks.check_key = identity_verdicts.check_key
    inner join terms on checks.check_key = terms.check_key
    where terms.role in ('reported', 'expected', 'numerator', 'denominator') and terms.source_page is not null

),

told as (

    select
        checks.check_key,
        checks.check_name,
        checks.status,
        checks.expected,
        checks.reported,
        {{ claim_key('claims', 'value', 'value_claim_order') }} as value_key,
        {{ claim_key('claims', 'whole', 'share_claim_order') }} as whole_key,
        {{ claim_key('claims', 'percent') }} as percent_key,
        {{ claim_key('claims', 'delta') }} as delta_key,
        {{ claim_key('claims', 'name') }} as name_key,
        {{ claim_key('claims', 'direction') }} as direction_key,
        claims.delta,
        claims.percent,
        claims.source_page,
        claim_checks.other_key
    from checks
    inner join claims
        on
            checks.document_id = claims.document_id
            and checks.claim_order = claims.claim_order
    left join claim_checks
        on
            checks.document_id = claim_checks.document_id
            and checks.claim_order = claim_checks.claim_order
            and checks.check_name = claim_checks.check_name
    where checks.check_kind in ('claim', 'change')

),

-- Figures and words of a sentence. A figure that claims repeat is one place.
claim_places as (

    select
        check_key,
        check_name,
        status,
        value_key as place_key,
        source_page,
        5 as preference,
        case when check_name in ('amount_in_form', 'change_in_form', 'parts_of_count', 'score_in_report') then expected end as implied
    from told
    where check_name <> 'percent_sign'

    union all

    select
        check_key,
        check_name,
        status,
        percent_key as place_key,
        source_page,
        1 as preference,
        case when check_name not in ('change_from_prior_year', 'percent_sign') then expected end as implied
    from told
    where
        percent is not null
        and (
            check_name in ('rate_of_change', 'share_of_whole', 'rate_of_completion', 'change_in_itself', 'percent_sign')
            or (check_name in ('change_from_prior_year', 'change_from_stated_figure') and delta is null)
        )

    union all

    select
        check_key,
        check_name,
        status,
        delta_key as place_key,
        source_page,
        2 as preference,
        case when check_name = 'change_from_stated_figure' then expected end as implied
    from told
    where
        check_name in ('rate_of_change', 'change_in_itself', 'change_from_prior_year', 'change_from_stated_figure')
        and delta is not null

    union all

    select
        check_key,
        check_name,
        status,
        name_key as place_key,
        source_page,
        1 as preference,
        cast(null as decimal(24, 6)) as implied
    from told
    where check_name = 'names_in_form'

    union all

    select
        check_key,
        check_name,
        status,
        direction_key as place_key,
        source_page,
        1 as preference,
        cast(null as decimal(24, 6)) as implied
    from told
    where check_name = 'direction_against_budget' or (check_name = 'change_from_prior_year' and delta is null and percent is null)

    union all

    select
        check_key,
        check_name,
        status,
        whole_key as place_key,
        source_page,
        4 as preference,
        cast(null as decimal(24, 6)) as implied
    from told
    where check_name = 'share_of_whole'

    union all

    -- What the sentence was compared with; a form is judged by its own sums first.
    select
        check_key,
        check_name,
        status,
        other_key as place_key,
        cast(null as integer) as source_page,
        8 as preference,
        case when check_name = 'amount_in_form' then reported end as implied
    from told
    where other_key is not null

),

year_places as (

    select
        checks.check_key,
        checks.check_name,
        checks.status,
        changes.prior_key as place_key,
        changes.form_code,
        changes.prior_form_page as source_page,
        9 as preference,
        checks.reported as implied
    from checks
    inner join changes
        on
            checks.document_id = changes.document_id
            and checks.claim_order = changes.claim_order
    where checks.check_name = 'change_from_prior_year' and changes.prior_key is not null

    union all

    select
        checks.check_key,
        checks.check_name,
        checks.status,
        changes.form_key as place_key,
        changes.form_code,
        changes.form_page as source_page,
        8 as preference,
        checks.reported as implied
    from checks
    inner join changes
        on
            checks.document_id = changes.document_id
            and checks.claim_order = changes.claim_order
    where checks.check_name = 'change_in_form' and changes.form_key is not null

),

-- The figures of an enumeration: any share of it may be wrong, or what they are shares of; any part, or the whole.
enumerated_places as (

    select
        checks.check_key,
        checks.check_name,
        checks.status,
        {{ claim_key('claims', 'percent') }} as place_key,
        claims.source_page,
        2 as preference
    from checks
    inner join claims as firsts
        on
            checks.document_id = firsts.document_id
            and checks.claim_order = firsts.claim_order
    inner join claims
        on
            firsts.document_id = claims.document_id
            and firsts.share_claim_order = claims.share_claim_order
            and claims.claim_kind = 'share'
            and claims.percent is not null
    where checks.check_name = 'shares_of_whole'

    union all

    select
        checks.check_key,
        checks.check_name,
        checks.status,
        {{ claim_key('claims', 'whole', 'share_claim_order') }} as place_key,
        claims.source_page,
        1 as preference
    from checks
    inner join claims
        on
            checks.document_id = claims.document_id
            and checks.claim_order = claims.claim_order
    where checks.check_name = 'shares_of_whole'

    union all

    select
        checks.check_key,
        checks.check_name,
        checks.status,
        {{ claim_key('claims', 'value', 'value_claim_order') }} as place_key,
        claims.source_page,
        case when checks.claim_order = claims.claim_order then 1 else 2 end as preference
    from checks
    inner join claims
        on
            checks.document_id = claims.document_id
            and checks.claim_order in (claims.claim_order, claims.whole_order)
            and claims.claim_kind = 'amount'
    where checks.check_name = 'parts_of_amount'

),

-- Words that a document repeats are one mistake.
worded_places as (

    select
        checks.check_key,
        checks.check_name,
        checks.status,
        {{ prose_key('prose_checks') }} as place_key,
        checks.source_page
    from checks
    inner join prose_checks on checks.check_key = prose_checks.check_key
    where checks.family = 'wording'

),

places as (

    select * from identity_places

    union all

    select
        check_key,
        check_name,
        status,
        place_key,
        {{ as_text('null') }} as form_code,
        source_page,
        preference,
        implied,
        true as is_evidence
    from claim_places

    union all

    select
        check_key,
        check_name,
        status,
        place_key,
        form_code,
        source_page,
        preference,
        implied,
        true as is_evidence
    from year_places

    union all

    select
        check_key,
        check_name,
        status,
        check_key as place_key,
        {{ as_text('null') }} as form_code,
        source_page,
        1 as preference,
        cast(null as decimal(24, 6)) as implied,
        true as is_evidence
    from checks
    where check_kind = 'structure'

    union all

    select
        check_key,
        check_name,
        status,
        place_key,
        {{ as_text('null') }} as form_code,
        source_page,
        preference,
        cast(null as decimal(24, 6)) as implied,
        true as is_evidence
    from enumerated_places

    union all

    select
        check_key,
        check_name,
        status,
        place_key,
        {{ as_text('null') }} as form_code,
        source_page,
        1 as preference,
        cast(null as decimal(24, 6)) as implied,
        true as is_evidence
    from worded_places

),

-- A check of a superseded document speaks for and against its own figures only, not those that it compares them with.
owned as (

    select places.*
    from places
    inner join checks on places.check_key = checks.check_key
    where coalesce(checks.is_current, true) or split_part(places.place_key, '/', 1) = checks.document_id

),

-- A figure may be in one check twice.
ranked as (

    select
        *,
        row_number() over (
            partition by check_key, place_key
            order by preference, implied
        ) as choice
    from owned

)

select
    check_key,
    check_name,
    status,
    place_key,
    form_code,
    source_page,
    preference,
    implied,
    is_evidence
from ranked
where choice = 1
