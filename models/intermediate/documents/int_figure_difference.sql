with parts as (

    select *
    from {{ ref('int_document_part') }}
    where part <> 'explanation'

),

amounts as (

    select * from {{ ref('stg_amount') }}

),

-- Both ways round, since it is not known here which one is current.
pairs as (

    select
        parts.disclosure_key,
        parts.part as form_code,
        parts.document_id,
        others.document_id as other_document_id
    from parts
    inner join parts as others
        on
            parts.disclosure_key = others.disclosure_key
            and parts.part = others.part
            and parts.document_id <> others.document_id

),

paired as (

    select distinct document_id
    from pairs

),

keyed as (

    select
        amounts.*,
        coalesce(amounts.side, '') as side_key,
        coalesce('code:' || amounts.row_code, 'label:' || {{ canonical_label('amounts.row_label') }}) as row_key,
        -- A bare 0 says that there is nothing: that is exact.
        case when amounts.printed_value = 0 and amounts.decimals = 0 then 0 else amounts.half_unit end as rounding
    from amounts
    inner join parts
        on
            amounts.document_id = parts.document_id
            and amounts.form_order = parts.form_order
    inner join paired on amounts.document_id = paired.document_id

),

-- A row that a form prints twice is compared with the row that the other prints as often.
figures as (

    select
        *,
        row_number() over (
            partition by document_id, form_order, side_key, row_key, column_code
            order by row_order
        ) as occurrence
    from keyed

),

printed as (

    select
        pairs.disclosure_key,
        pairs.form_code,
        pairs.document_id,
        pairs.other_document_id,
        figures.side_key,
        figures.row_key,
        figures.column_code,
        figures.occurrence
    from pairs
    inner join figures
        on
            pairs.document_id = figures.document_id
            and pairs.form_code = figures.form_code

    union distinct

    select
        pairs.disclosure_key,
        pairs.form_code,
        pairs.document_id,
        pairs.other_document_id,
        figures.side_key,
        figures.row_key,
        figures.column_code,
        figures.occurrence
    from pairs
    inner join figures
        on
            pairs.other_document_id = figures.document_id
            and pairs.form_code = figures.form_code

),

compared as (

    select
        printed.disclosure_key,
        printed.form_code,
        printed.document_id,
        printed.other_document_id,
        nullif(printed.side_key, '') as side,
        coalesce(ours.row_code, theirs.row_code) as row_code,
        coalesce(ours.row_label, theirs.row_label) as row_label,
        printed.column_code,
        printed.row_key,
        cast(printed.occurrence as integer) as occurrence,
        ours.form_order,
        ours.row_order,
        ours.amount,
        ours.amount_text,
        ours.unit,
        ours.rounding,
        ours.source_page,
        ours.source_table,
        ours.source_row,
        ours.source_column,
        theirs.form_order as other_form_order,
        theirs.row_order as other_row_order,
        theirs.amount as other_amount,
        theirs.amount_text as other_amount_text,
        theirs.unit as other_unit,
        theirs.rounding as other_rounding,
        theirs.source_page as other_source_page,
        theirs.source_table as other_source_table,
        theirs.source_row as other_source_row,
        theirs.source_column as other_source_column
    from printed
    left join figures as ours
        on
            printed.document_id = ours.document_id
            and printed.form_code = ours.form_code
            and printed.side_key = ours.side_key
            and printed.row_key = ours.row_key
            and printed.column_code = ours.column_code
            and printed.occurrence = ours.occurrence
    left join figures as theirs
        on
            printed.other_document_id = theirs.document_id
            and printed.form_code = theirs.form_code
            and printed.side_key = theirs.side_key
            and printed.row_key = theirs.row_key
            and printed.column_code = theirs.column_code
            and printed.occurrence = theirs.occurrence

)

select
    *,
    case
        when amount is null and other_amount = 0 then 'zero_or_blank'
        when other_amount is null and amount = 0 then 'zero_or_blank'
        when amount is null then 'gone'
        when other_amount is null then 'added'
        -- Two figures that are printed to the same digit and differ were changed; what is printed in 万元 and in 元 may be one figure.
        when rounding <> other_rounding and abs(amount - other_amount) <= rounding + other_rounding then 'rounding'
        else 'different'
    end as outcome
from compared
where amount is distinct from other_amount
