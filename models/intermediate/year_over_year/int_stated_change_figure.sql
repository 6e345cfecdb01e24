{#- Above every preference of the seed: what no form prints may be in any place. -#}
{%- set anywhere = 999 %}
with changes as (

    select * from {{ ref('int_stated_change') }}

),

sentence_verdicts as (

    select * from {{ ref('int_stated_change_sentence') }}

),

measures as (

    select * from {{ ref('year_measure') }}

),

figures as (

    select * from {{ ref('int_year_figure') }}

),

told_figures as (

    select * from {{ ref('int_year_told_figure') }}

),

-- What the sentence may speak of. Beyond doubt is a code, or a subject and a heading as the seed has them; only then a disagreement counts.
by_name as (

    select
        changes.document_id,
        changes.claim_order,
        measures.measure_group,
        '' as classification_code,
        measures.section_pattern is null
        or {{ matches_column('changes.section', 'measures.section_pattern') }} as is_in_section,
        {{ matches_column('changes.canonical_subject', 'measures.subject_pattern') }}
        and (
            not measures.needs_section
            or {{ matches_column('changes.section', 'measures.section_pattern') }}
        ) as is_certain
    from changes
    inner join measures on changes.claim_measure = measures.claim_measure
    where measures.claim_measure <> 'expenditure_by_function' and changes.is_money

),

by_subject as (

    select
        changes.document_id,
        changes.claim_order,
        measures.measure_group,
        '' as classification_code,
        true as is_in_section,
        not measures.needs_section as is_certain
    from changes
    inner join measures
        on
            measures.claim_measure is null
            and {{ matches_column('changes.canonical_subject', 'measures.subject_pattern') }}
    where changes.claim_measure is null and changes.functional_code is null and changes.is_money

),

by_function as (

    select
        changes.document_id,
        changes.claim_order,
        measures.measure_group,
        changes.functional_code as classification_code,
        {{ matches_column('changes.section', 'measures.section_pattern') }} as is_in_section,
        not {{ matches('changes.canonical_subject', '基本支出|项目支出|人员|公用|结转|其中') }} as is_certain
    from changes
    inner join measures on measures.claim_measure = 'expenditure_by_function'
    where
        coalesce(changes.claim_measure, 'expenditure_by_function') = 'expenditure_by_function'
        and changes.functional_code is not null
        and changes.is_money

),

named as (

    select * from by_name
    union all
    select * from by_subject
    union all
    select * from by_function

),

-- The form's own year: the figures of what the disclosure is about.
current_figures as (

    select
        named.document_id,
        named.claim_order,
        named.is_in_section,
        named.is_certain,
        figures.measure,
        figures.measure_group,
        figures.classification_code,
        figures.preference,
        figures.preference as first_preference,
        figures.preference as last_preference,
        figures.form_code,
        figures.row_label,
        figures.amount,
        figures.half_unit,
        figures.source_page,
        figures.place_key
    from named
    inner join changes
        on
            named.document_id = changes.document_id
            and named.claim_order = changes.claim_order
    inner join figures
        on
            changes.edition_key = figures.edition_key
            and named.measure_group = figures.measure_group
            and named.classification_code = figures.classification_code
    where coalesce(changes.phase, '') in ('', case changes.disclosure_kind when 'budget' then 'budget' else 'final' end)

    union all

    -- What no form prints is known from the prose alone: nothing to compare this year with, but maybe a year before.
    select
        named.document_id,
        named.claim_order,
        named.is_in_section,
        named.is_certain,
        told_figures.measure,
        told_figures.measure_group,
        '' as classification_code,
        0 as preference,
        0 as first_preference,
        {{ anywhere }} as last_preference,
        {{ as_text('null') }} as form_code,
        told_figures.subject as row_label,
        told_figures.amount,
        told_figures.half_unit,
        told_figures.source_page,
        {{ as_text('null') }} as place_key
    from named
    inner join changes
        on
            named.document_id = changes.document_id
            and named.claim_order = changes.claim_order
    inner join told_figures
        on
            changes.edition_key = told_figures.edition_key
            and named.measure_group = told_figures.measure_group
    where
        named.classification_code = ''
        and named.is_in_section
        and coalesce(changes.phase, '') in ('', case changes.disclosure_kind when 'budget' then 'budget' else 'final' end)

),

-- The disclosure of the year it is compared with: the one that the sentence names, else of the same kind.
wanted as (

    select
        document_id,
        claim_order,
        department_key,
        reporting_scope,
        compared_year,
        case
            when prior_basis in ('budget', 'final_account') then prior_basis
            when prior_basis in ('unnamed', 'unclear') then disclosure_kind
        end as compared_kind
    from changes

),

prior_figures as (

    select
        wanted.document_id,
        wanted.claim_order,
        figures.document_id as prior_document_id,
        figures.measure,
        figures.preference,
        figures.form_code,
        figures.amount,
        figures.half_unit,
        figures.source_page,
        figures.place_key
    from wanted
    inner join figures
        on
            wanted.department_key = figures.department_key
            and wanted.reporting_scope = figures.reporting_scope
            and wanted.compared_year = figures.fiscal_year
            and wanted.compared_kind = figures.disclosure_kind
            and not coalesce(figures.is_superseded_edition, false)

),

told_priors as (

    select
        wanted.document_id,
        wanted.claim_order,
        told_figures.document_id as prior_document_id,
        told_figures.measure,
        told_figures.amount,
        told_figures.half_unit,
        told_figures.source_page,
        told_figures.place_key
    from wanted
    inner join told_figures
        on
            wanted.department_key = told_figures.department_key
            and wanted.reporting_scope = told_figures.reporting_scope
            and wanted.compared_year = told_figures.fiscal_year
            and wanted.compared_kind = told_figures.disclosure_kind
            and not coalesce(told_figures.is_superseded_edition, false)

),

compared as (

    select
        changes.document_id,
        changes.claim_order,
        current_figures.measure,
        current_figures.measure_group,
        current_figures.classification_code,
        current_figures.preference,
        current_figures.is_in_section,
        current_figures.is_certain,
        current_figures.form_code,
        current_figures.row_label,
        current_figures.amount,
        current_figures.half_unit,
        current_figures.source_page as form_page,
        current_figures.place_key as form_key,
        coalesce(prior_figures.prior_document_id, told_priors.prior_document_id) as prior_document_id,
        coalesce(prior_figures.amount, told_priors.amount) as prior_amount,
        coalesce(prior_figures.half_unit, told_priors.half_unit) as prior_amount_half_unit,
        coalesce(prior_figures.source_page, told_priors.source_page) as prior_form_page,
        prior_figures.form_code as prior_form_code,
        prior_figures.preference as prior_preference,
        coalesce(prior_figures.place_key, told_priors.place_key) as prior_key,
        prior_figures.amount is null and told_priors.amount is not null as is_prior_told,
        case when current_figures.form_code is not null then abs(changes.value - current_figures.amount) end as table_gap,
        changes.value_half_unit + current_figures.half_unit as table_allowed,
        -- Without a figure of this year in the sentence the form's stands for it.
        case
            when changes.value is not null or changes.stated_prior is not null then sentence_verdicts.implied_prior
            else current_figures.amount - changes.sign * coalesce(changes.delta, case when changes.sign = 0 then 0 end)
        end as implied_prior,
        case
            when changes.value is not null or changes.stated_prior is not null then sentence_verdicts.implied_prior_low
            else
                current_figures.amount - current_figures.half_unit
                - changes.sign * coalesce(changes.delta, case when changes.sign = 0 then 0 end) - coalesce(changes.delta_half_unit, 0)
        end as implied_prior_low,
        case
            when changes.value is not null or changes.stated_prior is not null then sentence_verdicts.implied_prior_high
            else
                current_figures.amount + current_figures.half_unit
                - changes.sign * coalesce(changes.delta, case when changes.sign = 0 then 0 end) + coalesce(changes.delta_half_unit, 0)
        end as implied_prior_high
    from changes
    inner join current_figures
        on
            changes.document_id = current_figures.document_id
            and changes.claim_order = current_figures.claim_order
    left join sentence_verdicts
        on
            changes.document_id = sentence_verdicts.document_id
            and changes.claim_order = sentence_verdicts.claim_order
    -- The same place in both years; what this year only the prose states may be in any place of the year before.
    left join prior_figures
        on
            current_figures.document_id = prior_figures.document_id
            and current_figures.claim_order = prior_figures.claim_order
            and current_figures.measure = prior_figures.measure
            and current_figures.first_preference <= prior_figures.preference
            and current_figures.last_preference >= prior_figures.preference
    left join told_priors
        on
            current_figures.document_id = told_priors.document_id
            and current_figures.claim_order = told_priors.claim_order
            and current_figures.measure = told_priors.measure

),

judged as (

    select
        *,
        table_gap <= table_allowed as table_agrees,
        implied_prior_low <= prior_amount + prior_amount_half_unit
        and implied_prior_high >= prior_amount - prior_amount_half_unit as prior_agrees
    from compared

),

-- Of several figures that may be meant the one that fits counts, this year before last; else the nearest.
ranked as (

    select
        *,
        row_number() over (
            partition by document_id, claim_order
            order by
                case when table_agrees then 0 when table_agrees is null then 1 else 2 end,
                case when prior_agrees then 0 when prior_agrees is not null then 1 else 2 end,
                case when is_certain then 0 else 1 end,
                case when is_in_section then 0 else 1 end,
                table_gap,
                preference,
                prior_preference,
                measure
        ) as choice
    from judged

)

select
    document_id,
    claim_order,
    measure,
    measure_group,
    classification_code,
    is_certain,
    form_code,
    row_label,
    amount,
    half_unit,
    form_page,
    form_key,
    prior_document_id,
    prior_amount,
    prior_amount_half_unit,
    prior_form_page,
    prior_form_code,
    prior_key,
    is_prior_told,
    implied_prior,
    implied_prior_low,
    implied_prior_high,
    table_gap,
    table_allowed,
    table_agrees,
    prior_agrees
from ranked
where choice = 1
