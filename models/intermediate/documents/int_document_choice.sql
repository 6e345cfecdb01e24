with parts as (

    select * from {{ ref('int_document_part') }}

),

publications as (

    select * from {{ ref('int_document_publication') }}

),

differences as (

    select * from {{ ref('int_figure_difference') }}

),

claims as (

    select * from {{ ref('stg_claim') }}

),

changed_forms as (

    select distinct
        disclosure_key,
        form_code
    from differences
    where outcome in ('different', 'added', 'gone')

),

stated as (

    select distinct
        parts.part_group,
        parts.document_id,
        {{ canonical_name('claims.subject') }} as subject,
        claims.claim_kind,
        coalesce(claims.phase, '') as phase,
        coalesce(claims.compared_with, '') as compared_with,
        claims.value,
        claims.delta,
        claims.percent
    from parts
    inner join claims on parts.document_id = claims.document_id
    where parts.part = 'explanation'

),

group_sizes as (

    select
        disclosure_key,
        part_group,
        count(*) as document_count
    from parts
    group by disclosure_key, part_group

),

-- What not every explanation of a group states.
changed_statements as (

    select
        stated.part_group,
        stated.subject
    from stated
    inner join group_sizes on stated.part_group = group_sizes.part_group
    group by
        stated.part_group,
        stated.subject,
        stated.claim_kind,
        stated.phase,
        stated.compared_with,
        stated.value,
        stated.delta,
        stated.percent
    having count(*) < max(group_sizes.document_count)

),

changed_explanations as (

    select distinct part_group
    from changed_statements

),

candidates as (

    select
        parts.*,
        publications.printed_date,
        publications.named_date,
        publications.correction,
        publications.first_seen_at,
        publications.text_source,
        count(*) over (partition by parts.disclosure_key, parts.part_group) as document_count,
        -- A date says something only beside the dates of all others.
        count(*) over (partition by parts.disclosure_key, parts.part_group)
        = count(publications.printed_date) over (partition by parts.disclosure_key, parts.part_group) as has_printed_dates,
        count(*) over (partition by parts.disclosure_key, parts.part_group)
        = count(publications.named_date) over (partition by parts.disclosure_key, parts.part_group) as has_named_dates,
        changed_forms.form_code is not null or changed_explanations.part_group is not null as has_changed
    from parts
    inner join publications on parts.document_id = publications.document_id
    left join changed_forms
        on
            parts.disclosure_key = changed_forms.disclosure_key
            and parts.part = changed_forms.form_code
    left join changed_explanations on parts.part_group = changed_explanations.part_group

),

-- Each criterion as a number: the higher is the better.
weighed as (

    select
        *,
        case when has_figures then 1 else 0 end as figures_weight,
        case text_source when 'text' then 2 when 'mixed' then 1 else 0 end as text_weight,
        case when has_printed_dates then printed_date end as printed_date_weight,
        case when has_named_dates then named_date end as named_date_weight,
        case when correction is not null then 1 else 0 end as correction_weight,
        case when has_explanation then 1 else 0 end as explanation_weight
    from candidates

),

ranked as (

    select
        *,
        row_number() over (
            partition by disclosure_key, part_group
            order by
                figures_weight desc,
                text_weight desc,
                printed_date_weight desc,
                named_date_weight desc,
                correction_weight desc,
                -- Where all print the same, nothing was corrected: the more complete document stands for it, whenever it was found.
                case when not has_changed then form_count end desc,
                case when not has_changed then explanation_weight end desc,
                first_seen_at desc,
                form_count desc,
                explanation_weight desc,
                document_id asc
        ) as precedence
    from weighed

),

-- The current document is told from the next one, each of the others from the current one.
told as (

    select
        ranked.*,
        winners.document_id as current_document_id,
        losers.document_id as runner_up_document_id,
        case
            when ranked.document_count = 1 then 'only_document'
            when winners.figures_weight <> losers.figures_weight then 'has_figures'
            when winners.text_weight <> losers.text_weight then 'text_over_recognition'
            when winners.printed_date_weight <> losers.printed_date_weight then 'later_printed_date'
            when winners.named_date_weight <> losers.named_date_weight then 'later_date_in_name'
            when winners.correction_weight <> losers.correction_weight then 'correction'
            when
                not ranked.has_changed
                and (winners.form_count <> losers.form_count or winners.explanation_weight <> losers.explanation_weight)
                then 'same_figures_more_complete'
            when winners.first_seen_at <> losers.first_seen_at then 'seen_later'
            when ranked.has_changed then 'undecided'
            else 'same_figures'
        end as chosen_because,
        winners.printed_date as winner_printed_date,
        losers.printed_date as loser_printed_date,
        winners.named_date as winner_named_date,
        losers.named_date as loser_named_date,
        winners.correction as winner_correction,
        winners.first_seen_at as winner_seen_at,
        losers.first_seen_at as loser_seen_at
    from ranked
    inner join ranked as winners
        on
            ranked.disclosure_key = winners.disclosure_key
            and ranked.part_group = winners.part_group
            and winners.precedence = 1
    left join ranked as losers
        on
            ranked.disclosure_key = losers.disclosure_key
            and ranked.part_group = losers.part_group
            and losers.precedence = case when ranked.precedence = 1 then 2 else ranked.precedence end

)

select
    disclosure_key,
    document_id,
    part,
    part_group,
    form_order,
    cast(document_count as integer) as document_count,
    cast(precedence as integer) as precedence,
    precedence = 1 as is_current,
    case when precedence > 1 then current_document_id end as superseded_by_document_id,
    chosen_because,
    case chosen_because
        when 'only_document' then 'the only document that has it'
        when 'has_figures' then 'the current document prints figures, the other says that there are none'
        when 'text_over_recognition' then 'the current document has text, the other was recognised from pictures'
        when 'later_printed_date'
            then
                'the current document prints ' || {{ as_text('winner_printed_date') }} || ', the other '
                || {{ as_text('loser_printed_date') }}
        when 'later_date_in_name'
            then
                'the path of the current document names ' || {{ as_text('winner_named_date') }} || ', that of the other '
                || {{ as_text('loser_named_date') }}
        when 'correction' then 'the current document says of itself ' || winner_correction || ', the other does not'
        when 'same_figures_more_complete' then 'both print the same figures, and the current document has more beside them'
        when 'seen_later'
            then
                'the current document was first seen at ' || substring({{ as_text('winner_seen_at') }}, 1, 19) || ' UTC, the other at '
                || substring({{ as_text('loser_seen_at') }}, 1, 19)
        when 'undecided'
            then
                'nothing tells which was published later, and figures differ: the current document has '
                || 'more forms, else it is the first by SHA-256'
        else 'both print the same figures: either would do'
    end as reason
from told
