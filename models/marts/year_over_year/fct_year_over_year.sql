{#- Above every preference of the seed: what no form prints may be in any place. -#}
{%- set anywhere = 999 %}
with pairs as (

    select *
    from {{ ref('int_year_pair') }}
    where not is_superseded_edition

),

form_figures as (

    select * from {{ ref('int_year_figure') }}

),

told_figures as (

    select * from {{ ref('int_year_told_figure') }}

),

verdicts as (

    select *
    from {{ ref('int_stated_change_verdict') }}
    where coalesce(is_current, true)

),

measures as (

    select distinct
        measure_group,
        name_zh
    from {{ ref('year_measure') }}

),

-- What no form prints is known from the prose alone.
figures as (

    select
        edition_key,
        measure,
        measure_group,
        classification_code,
        preference,
        preference as first_preference,
        preference as last_preference,
        document_id,
        form_code,
        row_label,
        amount,
        half_unit,
        source_page
    from form_figures

    union all

    select
        edition_key,
        measure,
        measure_group,
        '' as classification_code,
        0 as preference,
        0 as first_preference,
        {{ anywhere }} as last_preference,
        document_id,
        {{ as_text('null') }} as form_code,
        subject as row_label,
        amount,
        half_unit,
        source_page
    from told_figures

),

current_figures as (

    select
        pairs.edition_key,
        figures.measure,
        figures.measure_group,
        figures.classification_code,
        figures.preference,
        figures.first_preference,
        figures.last_preference,
        figures.document_id,
        figures.form_code,
        figures.row_label,
        figures.amount,
        figures.half_unit,
        figures.source_page
    from pairs
    inner join figures on pairs.edition_key = figures.edition_key

),

prior_figures as (

    select
        pairs.edition_key,
        figures.measure,
        figures.measure_group,
        figures.classification_code,
        figures.preference,
        figures.first_preference,
        figures.last_preference,
        figures.document_id,
        figures.form_code,
        figures.row_label,
        figures.amount,
        figures.half_unit,
        figures.source_page
    from pairs
    inner join figures on pairs.prior_disclosure_key = figures.edition_key

),

both_years as (

    select
        coalesce(current_figures.edition_key, prior_figures.edition_key) as edition_key,
        coalesce(current_figures.measure, prior_figures.measure) as measure,
        coalesce(current_figures.measure_group, prior_figures.measure_group) as measure_group,
        coalesce(current_figures.classification_code, prior_figures.classification_code) as classification_code,
        coalesce(current_figures.preference, prior_figures.preference) as preference,
        case when current_figures.amount is not null then current_figures.form_code else prior_figures.form_code end as form_code,
        coalesce(current_figures.row_label, prior_figures.row_label) as row_label,
        current_figures.document_id,
        current_figures.amount,
        current_figures.half_unit,
        current_figures.source_page,
        prior_figures.document_id as prior_document_id,
        prior_figures.amount as prior_amount,
        prior_figures.half_unit as prior_half_unit,
        prior_figures.source_page as prior_source_page
    from current_figures
    full outer join prior_figures
        on
            current_figures.edition_key = prior_figures.edition_key
            and current_figures.measure = prior_figures.measure
            and current_figures.first_preference <= prior_figures.last_preference
            and current_figures.last_preference >= prior_figures.first_preference

),

-- The same place of the forms in both years, if there is one that both print; what only the prose of one year states is in any place of
-- the other year.
chosen_figures as (

    select
        *,
        row_number() over (
            partition by edition_key, measure
            order by
                case when amount is not null and prior_amount is not null then 0 when amount is not null then 1 else 2 end,
                preference
        ) as choice
    from both_years

),

-- Of several sentences about one measure the one that is wrong, else the first.
chosen_sentences as (

    select
        *,
        row_number() over (
            partition by edition_key, measure
            order by
                case
                    when 'inconsistent' in (sentence_status, table_status, prior_status) then 0
                    when 'consistent' in (sentence_status, table_status, prior_status) then 1
                    else 2
                end,
                claim_order,
                document_id
        ) as choice
    from verdicts
    where measure is not null and compared_year = fiscal_year - 1

),

sentence_counts as (

    select
        edition_key,
        measure,
        count(*) as sentence_count
    from verdicts
    where measure is not null and compared_year = fiscal_year - 1
    group by edition_key, measure

),

gathered as (

    select
        pairs.department_key,
        pairs.fiscal_year,
        pairs.disclosure_kind,
        pairs.reporting_scope,
        pairs.predecessor_name,
        pairs.prior_disclosure_key,
        chosen_figures.edition_key,
        chosen_figures.measure,
        chosen_figures.measure_group,
        chosen_figures.classification_code,
        measures.name_zh,
        chosen_figures.form_code,
        chosen_figures.row_label,
        chosen_figures.document_id,
        chosen_figures.amount,
        chosen_figures.half_unit,
        chosen_figures.source_page,
        chosen_figures.prior_document_id,
        chosen_figures.prior_amount,
        chosen_figures.prior_half_unit,
        chosen_figures.prior_source_page,
        chosen_sentences.document_id as sentence_document_id,
        chosen_sentences.claim_order,
        chosen_sentences.source_page as sentence_page,
        chosen_sentences.prior_basis,
        chosen_sentences.implied_prior,
        chosen_sentences.sign,
        chosen_sentences.delta,
        chosen_sentences.percent,
        coalesce(chosen_sentences.sentence_status, 'not_evaluated') as sentence_status,
        coalesce(chosen_sentences.table_status, 'not_evaluated') as table_status,
        coalesce(chosen_sentences.prior_status, 'not_evaluated') as prior_status,
        coalesce(chosen_sentences.sentence_reason, 'no sentence states a change of it') as sentence_reason,
        coalesce(chosen_sentences.table_reason, 'no sentence states a change of it') as table_reason,
        coalesce(chosen_sentences.prior_reason, 'no sentence states a change of it') as prior_reason,
        chosen_sentences.severity,
        coalesce(sentence_counts.sentence_count, 0) as sentence_count,
        case
            when pairs.predecessor_name is not null then 'other_department'
            when pairs.prior_disclosure_key is null then 'not_loaded'
            when chosen_figures.prior_amount is null then 'not_printed'
            when chosen_figures.amount is null then 'not_printed_this_year'
            when abs(chosen_figures.prior_amount) <= chosen_figures.prior_half_unit then 'zero'
            when chosen_figures.prior_amount < 0 then 'negative'
            else 'printed'
        end as prior_state
    from chosen_figures
    inner join pairs on chosen_figures.edition_key = pairs.edition_key
    left join measures on chosen_figures.measure_group = measures.measure_group
    left join chosen_sentences
        on
            chosen_figures.edition_key = chosen_sentences.edition_key
            and chosen_figures.measure = chosen_sentences.measure
            and chosen_sentences.choice = 1
    left join sentence_counts
        on
            chosen_figures.edition_key = sentence_counts.edition_key
            and chosen_figures.measure = sentence_counts.measure
    where chosen_figures.choice = 1

)

select
    department_key,
    measure,
    fiscal_year,
    disclosure_kind,
    reporting_scope,
    edition_key as disclosure_key,
    measure_group,
    nullif(classification_code, '') as classification_code,
    name_zh,
    form_code,
    row_label,
    document_id,
    cast(amount as decimal(20, 2)) as amount,
    half_unit as amount_half_unit,
    source_page,
    prior_document_id,
    cast(prior_amount as decimal(20, 2)) as prior_amount,
    prior_half_unit as prior_amount_half_unit,
    prior_source_page,
    prior_state,
    cast(implied_prior as decimal(20, 2)) as stated_prior_amount,
    prior_basis,
    cast(amount - prior_amount as decimal(20, 2)) as change,
    {{ as_decimal(
        "case when prior_state = 'printed' then 100 * cast(amount - prior_amount as double) / cast(prior_amount as double) end", 20, 4
    ) }} as change_percent,
    cast(case when sign = 0 then coalesce(delta, 0) else sign * delta end as decimal(20, 2)) as stated_change,
    cast(case when sign = 0 then coalesce(percent, 0) else sign * percent end as decimal(12, 4)) as stated_percent,
    sentence_document_id,
    cast(claim_order as integer) as claim_number,
    sentence_page,
    cast(sentence_count as integer) as sentence_count,
    sentence_status,
    sentence_reason,
    table_status,
    table_reason,
    prior_status,
    prior_reason,
    prior_status = 'inconsistent' as is_restated,
    case
        when 'inconsistent' in (sentence_status, table_status, prior_status) then 'inconsistent'
        when 'consistent' in (sentence_status, table_status, prior_status) then 'consistent'
        else 'not_evaluated'
    end as status,
    severity,
    case
        when sentence_status = 'inconsistent' then sentence_reason
        when table_status = 'inconsistent' then table_reason
        when prior_status in ('inconsistent', 'consistent') then prior_reason
        when claim_order is not null and sentence_status = 'consistent' then sentence_reason
        when claim_order is not null and table_status = 'consistent' then table_reason
        when claim_order is not null then prior_reason
        when prior_state = 'other_department' then predecessor_name || ' was merged into it in this year'
        when prior_state = 'not_loaded' then 'no sentence states a change of it, and no disclosure of the year before is loaded'
        else 'no sentence states a change of it'
    end as reason
from gathered
