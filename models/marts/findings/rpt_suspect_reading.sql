with amounts as (

    select *
    from {{ ref('int_reported_amount') }}
    where confidence is not null

),

documents as (

    select * from {{ ref('dim_document') }}

),

suspects as (

    select * from {{ ref('int_finding_suspect') }}

),

causes as (

    select distinct place_key
    from {{ ref('int_finding_cause') }}

),

thresholds as (

    select * from {{ ref('recognition_threshold') }}

),

-- What speaks against a figure, and for it, beside its picture.
evidence as (

    select
        place_key,
        max(broken_count) as broken_count,
        max(kept_count) as kept_count,
        {{ join_values('check_name', '; ') }} as broken_checks
    from suspects
    group by place_key

),

counted as (

    select
        document_id,
        form_order,
        unit,
        decimals,
        count(*) as amount_count
    from amounts
    where printed_value <> 0
    group by document_id, form_order, unit, decimals

),

-- How many decimals nearly all figures of a form have. One that lost its point, or took a speck for one, has another number of them.
shares as (

    select
        document_id,
        form_order,
        unit,
        decimals,
        cast(amount_count as double) / sum(amount_count) over (partition by document_id, form_order, unit) as share
    from counted

),

usual as (

    select shares.*
    from shares
    cross join thresholds
    where thresholds.reading = 'usual_decimals' and shares.share >= thresholds.threshold

),

readings as (

    select
        amounts.*,
        {{ cell_key('amounts') }} as reading_key,
        thresholds.threshold,
        amounts.printed_value <> 0 and usual.decimals is not null as is_unlike_others
    from amounts
    cross join thresholds
    left join usual
        on
            amounts.document_id = usual.document_id
            and amounts.form_order = usual.form_order
            and amounts.unit = usual.unit
            and amounts.decimals <> usual.decimals
    where thresholds.reading = 'amount'

)

select
    readings.reading_key,
    readings.document_id,
    readings.disclosure_key,
    readings.department_key,
    readings.fiscal_year,
    readings.disclosure_kind,
    documents.file_name,
    readings.form_code,
    readings.side,
    readings.row_code,
    readings.row_label,
    readings.column_code,
    readings.amount,
    readings.amount_text,
    readings.unit,
    readings.confidence,
    readings.threshold,
    readings.confidence < readings.threshold as is_uncertain,
    readings.is_unlike_others,
    causes.place_key is not null as is_blamed,
    cast(coalesce(evidence.broken_count, 0) as integer) as broken_check_count,
    cast(coalesce(evidence.kept_count, 0) as integer) as kept_check_count,
    evidence.broken_checks,
    case
        when causes.place_key is not null then 'blamed for what does not add up: ' || evidence.broken_checks
        when evidence.place_key is not null then 'part of what does not add up: ' || evidence.broken_checks
        when readings.is_unlike_others then 'other decimals than most figures of the form'
        else 'recognised with a confidence below the threshold'
    end as reason,
    readings.source_page,
    readings.source_table,
    readings.source_row,
    readings.source_column
from readings
inner join documents on readings.document_id = documents.document_id
left join evidence on readings.reading_key = evidence.place_key
left join causes on readings.reading_key = causes.place_key
where readings.confidence < readings.threshold or evidence.place_key is not null or readings.is_unlike_others
