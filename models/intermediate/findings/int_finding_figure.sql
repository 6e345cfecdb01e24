with causes as (

    select distinct
        place_key,
        split_part(place_key, '/', 1) as document_id,
        split_part(place_key, '/', 2) as place_kind,
        split_part(place_key, '/', 3) as place_number,
        split_part(place_key, '/', 4) as slot
    from {{ ref('int_finding_cause') }}

),

amounts as (

    select * from {{ ref('int_reported_amount') }}

),

claims as (

    select * from {{ ref('stg_claim') }}

),

terms as (

    select * from {{ ref('bridge_identity_term') }}

),

prose_checks as (

    select *
    from {{ ref('fct_narrative_check') }}
    where status = 'inconsistent'

),

structure_breaks as (

    select * from {{ ref('int_structure_break') }}

),

cells as (

    select
        causes.place_key,
        'cell' as place_kind,
        amounts.document_id,
        amounts.form_code,
        amounts.side,
        amounts.row_code,
        amounts.row_label,
        amounts.column_code,
        cast(null as integer) as claim_order,
        amounts.amount_text as printed_text,
        amounts.unit,
        cast(amounts.amount as decimal(24, 6)) as printed_value,
        amounts.source_page,
        amounts.source_table,
        amounts.source_row,
        amounts.source_column,
        {{ as_text('null') }} as sentence,
        amounts.confidence
    from causes
    inner join amounts
        on
            causes.document_id = amounts.document_id
            and causes.place_key = {{ cell_key('amounts') }}
    where causes.place_kind = 'cell'

),

told as (

    select
        causes.place_key,
        'claim' as place_kind,
        claims.document_id,
        {{ as_text('null') }} as form_code,
        {{ as_text('null') }} as side,
        {{ as_text('null') }} as row_code,
        claims.subject as row_label,
        causes.slot as column_code,
        claims.claim_order,
        case causes.slot
            when 'value' then claims.value_text
            when 'delta' then claims.delta_text
            when 'percent' then claims.percent_text
            when 'direction' then claims.direction
            when 'whole' then claims.share_base
            when 'name' then claims.subject
        end as printed_text,
        case causes.slot
            when 'value' then claims.unit
            when 'delta' then claims.delta_unit
            when 'percent' then '%'
        end as unit,
        cast(
            case causes.slot when 'value' then claims.value when 'delta' then claims.delta when 'percent' then claims.percent end
            as decimal(24, 6)
        ) as printed_value,
        claims.source_page,
        cast(null as integer) as source_table,
        claims.source_line as source_row,
        cast(null as integer) as source_column,
        claims.quote as sentence,
        claims.confidence
    from causes
    inner join claims
        on
            causes.document_id = claims.document_id
            and causes.place_number = {{ as_text('claims.claim_order') }}
    where causes.place_kind = 'claim'

),

-- A figure that several identities use is a term of each.
project_terms as (

    select
        terms.*,
        row_number() over (
            partition by terms.document_id, terms.project_order, terms.row_label, terms.column_code
            order by terms.check_key, terms.term_number
        ) as choice
    from terms
    where terms.form_order is null

),

projects as (

    select
        causes.place_key,
        'project' as place_kind,
        project_terms.document_id,
        project_terms.form_code,
        project_terms.side,
        project_terms.row_code,
        project_terms.row_label,
        project_terms.column_code,
        cast(null as integer) as claim_order,
        {{ as_text('project_terms.amount') }} as printed_text,
        {{ as_text('null') }} as unit,
        cast(project_terms.amount as decimal(24, 6)) as printed_value,
        project_terms.source_page,
        project_terms.source_table,
        project_terms.source_row,
        project_terms.source_column,
        {{ as_text('null') }} as sentence,
        cast(null as decimal(5, 4)) as confidence
    from causes
    inner join project_terms
        on
            causes.document_id = project_terms.document_id
            and causes.place_key = {{ project_key('project_terms') }}
    where causes.place_kind = 'project' and project_terms.choice = 1

),

-- Words stand where they stand first.
keyed_words as (

    select
        *,
        {{ prose_key('prose_checks') }} as place_key
    from prose_checks

),

ranked_words as (

    select
        *,
        row_number() over (
            partition by place_key
            order by source_page, sentence_number, check_key
        ) as choice
    from keyed_words

),

words as (

    select
        causes.place_key,
        'prose' as place_kind,
        ranked_words.document_id,
        {{ as_text('null') }} as form_code,
        {{ as_text('null') }} as side,
        {{ as_text('null') }} as row_code,
        {{ as_text('null') }} as row_label,
        {{ as_text('null') }} as column_code,
        ranked_words.claim_number as claim_order,
        ranked_words.printed as printed_text,
        {{ as_text('null') }} as unit,
        cast(null as decimal(24, 6)) as printed_value,
        ranked_words.source_page,
        cast(null as integer) as source_table,
        cast(null as integer) as source_row,
        cast(null as integer) as source_column,
        ranked_words.sentence,
        cast(null as decimal(5, 4)) as confidence
    from causes
    inner join ranked_words on causes.place_key = ranked_words.place_key
    where causes.place_kind = 'prose' and ranked_words.choice = 1

),

structures as (

    select
        causes.place_key,
        'structure' as place_kind,
        structure_breaks.document_id,
        structure_breaks.form_code,
        {{ as_text('null') }} as side,
        {{ as_text('null') }} as row_code,
        {{ as_text('null') }} as row_label,
        {{ as_text('null') }} as column_code,
        cast(null as integer) as claim_order,
        structure_breaks.printed_text,
        {{ as_text('null') }} as unit,
        cast(null as decimal(24, 6)) as printed_value,
        structure_breaks.source_page,
        cast(null as integer) as source_table,
        cast(null as integer) as source_row,
        cast(null as integer) as source_column,
        {{ as_text('null') }} as sentence,
        cast(null as decimal(5, 4)) as confidence
    from causes
    inner join structure_breaks on causes.place_key = structure_breaks.check_key
    where causes.place_kind = 'structure'

)

select * from cells
union all
select * from told
union all
select * from projects
union all
select * from words
union all
select * from structures
