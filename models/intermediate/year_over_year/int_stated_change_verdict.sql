with changes as (

    select * from {{ ref('int_stated_change') }}

),

sentence_verdicts as (

    select * from {{ ref('int_stated_change_sentence') }}

),

figures as (

    select * from {{ ref('int_stated_change_figure') }}

),

measures as (

    select * from {{ ref('year_measure') }}

),

pairs as (

    select * from {{ ref('int_year_pair') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

loaded as (

    select distinct
        department_key,
        fiscal_year,
        disclosure_kind,
        reporting_scope
    from identities

),

known_measures as (

    select distinct claim_measure
    from measures
    where claim_measure <> 'expenditure_by_function'

),

-- 与上年相比 does not say with what of the year before. In a disclosure where more than half of such changes agree with last year's own
-- disclosure, that is what it means; else nobody knows.
habits as (

    select
        changes.document_id,
        sum(case when figures.prior_agrees then 1 else 0 end) as agreeing_count,
        count(*) as compared_count
    from changes
    inner join figures
        on
            changes.document_id = figures.document_id
            and changes.claim_order = figures.claim_order
    where
        changes.prior_basis = 'unnamed'
        and figures.prior_agrees is not null
        and figures.is_certain
        and changes.sign <> 0
        and coalesce(changes.delta, changes.percent) <> 0
    group by changes.document_id

),

gathered as (

    select
        changes.*,
        sentence_verdicts.sentence_status,
        sentence_verdicts.sentence_reason,
        sentence_verdicts.severity as sentence_severity,
        sentence_verdicts.expected_percent,
        sentence_verdicts.prior_source,
        figures.measure,
        figures.measure_group,
        figures.classification_code,
        figures.is_certain,
        figures.form_code,
        figures.row_label,
        figures.amount,
        figures.half_unit,
        figures.form_page,
        figures.form_key,
        figures.prior_document_id,
        figures.prior_amount,
        figures.prior_amount_half_unit,
        figures.prior_form_page,
        figures.prior_form_code,
        figures.prior_key,
        figures.is_prior_told,
        coalesce(figures.implied_prior, sentence_verdicts.implied_prior) as implied_prior,
        coalesce(figures.implied_prior_low, sentence_verdicts.implied_prior_low) as implied_prior_low,
        coalesce(figures.implied_prior_high, sentence_verdicts.implied_prior_high) as implied_prior_high,
        coalesce(changes.stated_prior_half_unit, changes.value_half_unit, 0) as implied_half_unit,
        figures.table_gap,
        figures.table_allowed,
        figures.table_agrees,
        figures.prior_agrees,
        loaded.department_key is not null as is_prior_loaded,
        coalesce(2 * habits.agreeing_count > habits.compared_count, false) as is_habit,
        pairs.predecessor_name,
        changes.functional_code is not null or known_measures.claim_measure is not null as is_known
    from changes
    left join sentence_verdicts
        on
            changes.document_id = sentence_verdicts.document_id
            and changes.claim_order = sentence_verdicts.claim_order
    left join figures
        on
            changes.document_id = figures.document_id
            and changes.claim_order = figures.claim_order
    left join habits on changes.document_id = habits.document_id
    left join pairs on changes.edition_key = pairs.edition_key
    left join known_measures on changes.claim_measure = known_measures.claim_measure
    left join loaded
        on
            changes.department_key = loaded.department_key
            and changes.compared_year = loaded.fiscal_year
            and changes.reporting_scope = loaded.reporting_scope
            and loaded.disclosure_kind = case changes.prior_basis
                when 'budget' then 'budget'
                when 'final_account' then 'final_account'
                else changes.disclosure_kind
            end

),

found as (

    select
        *,
        case
            when not is_money then 'no_money'
            when value is null then 'no_value'
            when (measure is null and is_known) or (measure is not null and form_code is null) then 'not_printed'
            when measure is null then 'nothing_known'
            when table_agrees then 'agrees'
            when is_certain then 'disagrees'
            else 'unsure'
        end as table_finding,
        case
            when not is_money then 'no_money'
            when measure is null and is_known then 'not_printed_now'
            when measure is null then 'nothing_known'
            when predecessor_name is not null then 'merged'
            when prior_basis = 'execution' then 'execution'
            when not is_prior_loaded then 'not_loaded'
            when implied_prior is null then 'nothing_implied'
            when prior_amount is null then 'not_printed'
            when prior_agrees then 'agrees'
            when value is null and stated_prior is null then 'cause'
            when is_rough then 'rough'
            when not is_certain then 'unsure'
            when prior_basis = 'unclear' or (prior_basis = 'unnamed' and not is_habit) then 'unnamed'
            else 'disagrees'
        end as prior_finding
    from gathered

)

select
    document_id,
    claim_order,
    edition_key,
    disclosure_key,
    is_current,
    department_key,
    fiscal_year,
    disclosure_kind,
    reporting_scope,
    measure,
    measure_group,
    classification_code,
    section,
    subject,
    compared_year,
    prior_basis,
    prior_source,
    value,
    value_half_unit,
    delta,
    delta_half_unit,
    direction,
    sign,
    percent,
    percent_half_unit,
    expected_percent,
    amount,
    half_unit,
    implied_prior,
    implied_prior_low,
    implied_prior_high,
    prior_document_id,
    prior_amount,
    prior_amount_half_unit,
    coalesce(sentence_status, 'not_evaluated') as sentence_status,
    coalesce(sentence_reason, 'the sentence states no change of money') as sentence_reason,
    case table_finding when 'agrees' then 'consistent' when 'disagrees' then 'inconsistent' else 'not_evaluated' end as table_status,
    case table_finding
        when 'no_money' then 'the sentence states no change of money'
        when 'no_value' then 'the sentence states no figure of this year'
        when 'nothing_known' then 'it is not known which figure of the forms the sentence speaks of'
        when 'not_printed' then 'no form prints it; the sentence says ' || {{ yuan_text('value') }}
        else
            'the sentence says ' || {{ yuan_text('value') }} || ', ' || form_code || ' (page ' || {{ as_text('form_page') }} || ') prints '
            || {{ yuan_text('amount') }} || ' in ' || row_label
            || case when table_finding = 'unsure' then '; it may speak of something else' else '' end
    end as table_reason,
    case prior_finding when 'agrees' then 'consistent' when 'disagrees' then 'inconsistent' else 'not_evaluated' end as prior_status,
    case prior_finding
        when 'no_money' then 'the sentence states no change of money'
        when 'nothing_known' then 'it is not known which figure of the forms the sentence speaks of'
        when 'not_printed_now' then 'no form of this year prints it, so nothing tells where to look in the year before'
        when 'merged' then predecessor_name || ' was merged into it in this year: the year before is another department'
        when 'execution'
            then
                'the sentence compares with what had been executed in ' || {{ as_text('compared_year') }}
                || ' when the budget was made, which no form of that year prints'
        when 'not_loaded' then 'no disclosure of ' || {{ as_text('compared_year') }} || ' is loaded'
        when 'nothing_implied' then 'the sentence does not say what the year before was'
        when 'not_printed'
            then
                'the forms of ' || {{ as_text('compared_year') }} || ' print nothing there; by the sentence it was '
                || {{ yuan_text('implied_prior') }}
        else
            'by the sentence it was ' || {{ yuan_text('implied_prior') }} || ' in ' || {{ as_text('compared_year') }} || ', '
            || case when is_prior_told then 'the text' else prior_form_code end || ' of that year (page '
            || {{ as_text('prior_form_page') }} || ') says ' || {{ yuan_text('prior_amount') }}
            || case prior_finding
                when 'cause' then '; a change given as a cause may speak of a part'
                when 'rough' then '; the sentence says only that it is about the same'
                when 'unsure' then '; it may speak of something else'
                when 'unnamed' then '; the sentence does not say with which figure of the year before it compares'
                else ''
            end
    end as prior_reason,
    case
        when sentence_severity = 'material' then 'material'
        when table_finding = 'disagrees' and table_gap > table_allowed + greatest(2 * value_half_unit, 0.01) then 'material'
        when
            prior_finding = 'disagrees'
            and (
                implied_prior_low - greatest(2 * implied_half_unit, 0.01) > prior_amount + prior_amount_half_unit
                or implied_prior_high + greatest(2 * implied_half_unit, 0.01) < prior_amount - prior_amount_half_unit
            )
            then 'material'
        when sentence_severity = 'last_digit' or table_finding = 'disagrees' or prior_finding = 'disagrees' then 'last_digit'
    end as severity,
    quote,
    source_page,
    form_code,
    form_page,
    prior_form_page,
    form_key,
    prior_key
from found
