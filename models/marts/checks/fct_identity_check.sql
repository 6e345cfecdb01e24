with verdicts as (

    select * from {{ ref('int_identity_verdict') }}

),

terms as (

    select * from {{ ref('int_identity_term') }}

),

gaps as (

    select * from {{ ref('int_identity_gap') }}

),

catalogue as (

    select * from {{ ref('accounting_identity') }}

),

identities as (

    select * from {{ ref('int_document_edition') }}

),

form_rows as (

    select * from {{ ref('int_form_row') }}

),

choices as (

    select * from {{ ref('int_document_choice') }}

),

-- The figure that a check is about: the one reported; else the row that would report it; else what it would be compared with.
ranked as (

    select
        terms.*,
        row_number() over (
            partition by terms.check_key
            order by
                case terms.role when 'reported' then 1 else 2 end asc,
                case terms.relation when 'same' then 1 else 2 end asc,
                terms.document_id asc,
                terms.form_order asc nulls last,
                terms.row_order asc nulls last,
                terms.column_code asc,
                terms.source_page asc nulls last,
                terms.source_table asc nulls last,
                terms.source_row asc nulls last,
                terms.source_column asc nulls last,
                terms.row_label asc nulls last
        ) as choice
    from terms
    inner join verdicts
        on
            terms.check_key = verdicts.check_key
            and terms.variant = verdicts.variant

),

anchors as (

    select
        ranked.check_key,
        ranked.relation,
        case
            when ranked.anchor_document_id is not null then ranked.anchor_document_id
            when ranked.relation = 'same' then ranked.document_id
            else ranked.check_document_id
        end as document_id,
        ranked.form_code,
        coalesce(ranked.anchor_form_order, ranked.form_order) as form_order,
        ranked.project_order,
        coalesce(form_rows.side, ranked.side) as side,
        case when form_rows.document_id is null then ranked.row_code else form_rows.row_code end as row_code,
        coalesce(form_rows.row_label, ranked.row_label) as row_label,
        coalesce(ranked.anchor_column_code, ranked.column_code) as column_code,
        coalesce(form_rows.source_page, ranked.source_page) as source_page
    from ranked
    left join form_rows
        on
            coalesce(ranked.anchor_document_id, ranked.document_id) = form_rows.document_id
            and coalesce(ranked.anchor_form_order, ranked.form_order) = form_rows.form_order
            and coalesce(ranked.anchor_row_order, ranked.row_order) = form_rows.row_order
    where ranked.choice = 1

),

-- Where the figures stand that the reported one was compared with.
others as (

    select
        terms.check_key,
        min(terms.form_code) as form_code,
        min(terms.fiscal_year) as fiscal_year,
        min(terms.relation) as relation,
        min(terms.source_page) as source_page
    from terms
    inner join verdicts
        on
            terms.check_key = verdicts.check_key
            and terms.variant = verdicts.variant
    where terms.role in ('expected', 'numerator', 'denominator')
    group by terms.check_key

),

-- The grade that a score is compared with, and its band.
grades as (

    select
        check_key,
        max(case when role = 'unknown' then row_label end) as unknown_label,
        max(case when role = 'at_least' then row_label end) as label,
        max(case when role = 'below' then 1 else 0 end) as is_below
    from terms
    where column_code = 'grade'
    group by check_key

),

worded as (

    select
        verdicts.*,
        catalogue.family,
        anchors.document_id,
        anchors.form_code,
        anchors.form_order,
        anchors.project_order,
        anchors.side,
        anchors.row_code,
        anchors.row_label,
        anchors.column_code,
        anchors.source_page,
        grades.label as grade_label,
        grades.unknown_label,
        coalesce(nullif(trim(coalesce(anchors.row_code || ' ', '') || anchors.row_label), ''), 'row')
        || ' (' || anchors.column_code || coalesce(', page ' || {{ as_text('anchors.source_page') }}, '') || ')' as place,
        case
            when catalogue.family = 'within_form' and verdicts.comparison = 'equal'
                then 'its parts (' || {{ as_text('verdicts.expected_count') }} || ' printed) add up to '
            when others.relation = 'units'
                then 'its own level and its units (' || {{ as_text('verdicts.expected_count') }} || ' accounts) add up to '
            when verdicts.comparison = 'ratio' then 'executed ÷ budget is '
            when verdicts.comparison = 'within'
                then
                    grades.label || ' is from ' || {{ as_text('cast(verdicts.expected_low as decimal(20, 2))') }}
                    || case when grades.is_below = 1 then ' and below ' else ' to ' end
                    || {{ as_text('cast(verdicts.expected_high as decimal(20, 2))') }}
            else
                coalesce(others.form_code, 'the other side')
                || case when others.relation <> 'same' then ' of ' || {{ as_text('others.fiscal_year') }} else '' end
                || coalesce(' (page ' || {{ as_text('others.source_page') }} || ')', '')
                || case when verdicts.comparison = 'at_most' then ' prints as the whole ' else ' has ' end
        end as expectation,
        coalesce({{ as_text('cast(verdicts.expected as decimal(20, 2))') }}, 'nothing') as expected_text
    from verdicts
    inner join anchors on verdicts.check_key = anchors.check_key
    inner join catalogue on verdicts.check_id = catalogue.check_id
    left join others on verdicts.check_key = others.check_key
    left join grades on verdicts.check_key = grades.check_key

),

findings as (

    select
        check_key,
        check_id,
        family,
        document_id,
        form_code,
        form_order,
        project_order,
        side,
        row_code,
        row_label,
        column_code,
        reported,
        expected,
        expected_low,
        expected_high,
        difference,
        tolerance,
        expected_count,
        status,
        severity,
        source_page,
        case
            when ambiguous_count > 0
                then place || ': ' || {{ as_text('ambiguous_count') }} || ' of the figures stand in several rows of their form'
            when comparison = 'within' and unknown_count > 0 and reported is not null
                then
                    place || ' prints ' || {{ as_text('cast(reported as decimal(20, 2))') }} || '; ' || unknown_label
                    || ': no band of scores is known for it in the year'
            when comparison = 'within' and reported is null
                then 'no total score is printed that could be compared with ' || coalesce(grade_label, unknown_label)
            when reported is null
                then place || ' prints no figure; ' || expectation || expected_text
            when unknown_count > 0 and form_code = 'project_evaluation'
                then
                    place || ' prints ' || {{ as_text('cast(reported as decimal(20, 2))') }} || '; ' || {{ as_text('unknown_count') }}
                    || ' points of the report are blank'
            when unknown_count > 0
                then
                    place || ' prints ' || {{ as_text('cast(reported as decimal(20, 2))') }} || '; ' || {{ as_text('unknown_count') }}
                    || ' lines beside its parts are not understood: add them to seeds/summary_line.csv'
            when expected_count = 0 and family = 'within_form'
                then
                    place || ' prints ' || {{ as_text('cast(reported as decimal(20, 2))') }}
                    || '; none of its parts prints a figure in this column'
            when expected_count = 0
                then
                    place || ' prints ' || {{ as_text('cast(reported as decimal(20, 2))') }}
                    || '; the form that it is compared with prints no such figure'
            when expected is null or expected_low is null or expected_high is null
                then place || ' prints ' || {{ as_text('cast(reported as decimal(20, 2))') }} || '; the base is 0 or rounded to it'
            else
                place || ' prints ' || {{ as_text('cast(reported as decimal(20, 2))') }} || '; ' || expectation
                || case when comparison = 'within' then '' else expected_text end
                || ': difference ' || {{ as_text('cast(difference as decimal(20, 2))') }}
                || ', rounding allows ' || {{ as_text('cast(tolerance as decimal(20, 2))') }}
        end as reason
    from worded

    union all

    select
        gaps.check_key,
        gaps.check_id,
        catalogue.family,
        gaps.document_id,
        gaps.form_code,
        gaps.form_order,
        cast(null as integer) as project_order,
        {{ as_text('null') }} as side,
        {{ as_text('null') }} as row_code,
        {{ as_text('null') }} as row_label,
        {{ as_text('null') }} as column_code,
        cast(null as decimal(24, 6)) as reported,
        cast(null as decimal(24, 6)) as expected,
        cast(null as decimal(24, 6)) as expected_low,
        cast(null as decimal(24, 6)) as expected_high,
        cast(null as decimal(24, 6)) as difference,
        cast(null as decimal(20, 6)) as tolerance,
        0 as expected_count,
        'not_evaluated' as status,
        {{ as_text('null') }} as severity,
        gaps.source_page,
        gaps.reason
    from gaps
    inner join catalogue on gaps.check_id = catalogue.check_id

)

select
    findings.document_id,
    identities.disclosure_key,
    identities.department_key,
    identities.fiscal_year,
    identities.disclosure_kind,
    findings.check_key,
    findings.check_id,
    findings.family,
    findings.form_code,
    cast(findings.form_order as integer) as form_order,
    cast(findings.project_order as integer) as project_order,
    findings.side,
    findings.row_code,
    findings.row_label,
    findings.column_code,
    cast(findings.reported as decimal(20, 2)) as reported,
    cast(findings.expected as decimal(20, 2)) as expected,
    cast(findings.expected_low as decimal(24, 6)) as expected_low,
    cast(findings.expected_high as decimal(24, 6)) as expected_high,
    cast(findings.difference as decimal(20, 2)) as difference,
    cast(findings.tolerance as decimal(20, 6)) as tolerance,
    cast(findings.expected_count as integer) as term_count,
    findings.status,
    findings.severity,
    findings.reason,
    findings.source_page,
    coalesce(choices.is_current, identities.is_current) as is_current
from findings
inner join identities on findings.document_id = identities.document_id
left join choices
    on
        findings.document_id = choices.document_id
        and findings.form_code = choices.part
