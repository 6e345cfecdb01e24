with projects as (

    select * from {{ ref('int_evaluated_project') }}

),

indicators as (

    select * from {{ ref('stg_performance_indicator') }}

),

executions as (

    select * from {{ ref('stg_project_execution') }}

),

-- The row of all the money of a project; its points are what the report says of the execution as a whole.
totals as (

    select *
    from (
        select
            *,
            row_number() over (
                partition by document_id, project_order
                order by execution_order
            ) as choice
        from executions
        where funding_code = 'total'
    ) as ranked
    where choice = 1

),

-- Points, each at its place. A blank among them leaves a sum open.
points as (

    select
        document_id,
        project_order,
        indicator_order,
        'weight' as column_code,
        indicator as row_label,
        weight as amount,
        {{ half_point('weight') }} as half_unit,
        source_page,
        source_table,
        source_row
    from indicators

    union all

    select
        document_id,
        project_order,
        indicator_order,
        'score' as column_code,
        indicator as row_label,
        score as amount,
        {{ half_point('score') }} as half_unit,
        source_page,
        source_table,
        source_row
    from indicators

),

execution_points as (

    select
        document_id,
        project_order,
        0 as indicator_order,
        'weight' as column_code,
        funding_source as row_label,
        weight as amount,
        {{ half_point('weight') }} as half_unit,
        source_page,
        source_table,
        source_row
    from totals
    where weight is not null

    union all

    select
        document_id,
        project_order,
        0 as indicator_order,
        'score' as column_code,
        funding_source as row_label,
        score as amount,
        {{ half_point('score') }} as half_unit,
        source_page,
        source_table,
        source_row
    from totals
    where score is not null

),

-- What the conclusion of a report states.
stated as (

    {% for name, label in [('total_score', '总分'), ('budget_execution_score', '预算执行得分'), ('indicator_score', '指标得分')] %}
        select
            document_id,
            project_order,
            '{{ name }}' as column_code,
            '{{ label }}' as row_label,
            {{ name }} as amount,
            {{ half_point(name) }} as half_unit,
            first_page as source_page
        from projects
        where {{ name }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- A total in whole points beside parts with decimals has been rounded.
fractions as (

    select
        document_id,
        project_order,
        max(case when half_unit > 0 then 1 else 0 end) as has_decimals
    from (
        select
            document_id,
            project_order,
            half_unit
        from points
        where column_code = 'score'
        union all
        select
            document_id,
            project_order,
            half_unit
        from execution_points
        where column_code = 'score'
        union all
        select
            document_id,
            project_order,
            half_unit
        from stated
    ) as scores
    group by document_id, project_order

),

printed_scores as (

    select
        document_id,
        project_order,
        max(case when column_code = 'score' then 1 else 0 end) as has_execution_score,
        max(case when column_code = 'weight' then 1 else 0 end) as has_execution_weight
    from execution_points
    group by document_id, project_order

),

stated_totals as (

    select
        stated.document_id,
        stated.project_order,
        stated.column_code,
        stated.row_label,
        stated.amount,
        cast(
            case
                when fractions.has_decimals = 1 and stated.half_unit = 0 then 0.5
                else stated.half_unit
            end as decimal(20, 6)
        ) as half_unit,
        stated.source_page
    from stated
    inner join fractions
        on
            stated.document_id = fractions.document_id
            and stated.project_order = fractions.project_order

),

all_points as (

    select * from points
    union all
    select * from execution_points

),

weighted as (

    select distinct
        document_id,
        project_order
    from points
    where amount is not null and column_code = 'weight'

),

terms as (

    -- Σ weights of the indicators and of the execution = 100.
    select
        document_id,
        project_order,
        'project_weights' as check_id,
        '' as instance_key,
        1 as variant,
        case when amount is null then 'unknown' else 'reported' end as role,
        column_code,
        row_label,
        amount,
        half_unit,
        source_page,
        source_table,
        source_row
    from points
    where column_code = 'weight'

    union all

    select
        document_id,
        project_order,
        'project_weights' as check_id,
        '' as instance_key,
        1 as variant,
        'reported' as role,
        column_code,
        row_label,
        amount,
        half_unit,
        source_page,
        source_table,
        source_row
    from execution_points
    where column_code = 'weight'

    union all

    -- The execution has 10 points by rule; where its weight is not printed, the indicators have the other 90, or all.
    select
        projects.document_id,
        projects.project_order,
        'project_weights' as check_id,
        '' as instance_key,
        1 as variant,
        'expected' as role,
        'weight' as column_code,
        '满分' as row_label,
        cast(
            case
                when coalesce(printed_scores.has_execution_weight, 0) = 0
                    and (printed_scores.has_execution_score = 1 or projects.budget_execution_score is not null)
                    then 90
                else 100
            end as decimal(12, 4)
        ) as amount,
        cast(0 as decimal(20, 6)) as half_unit,
        cast(null as integer) as source_page,
        cast(null as integer) as source_table,
        cast(null as integer) as source_row
    from projects
    inner join weighted
        on
            projects.document_id = weighted.document_id
            and projects.project_order = weighted.project_order
    left join printed_scores
        on
            projects.document_id = printed_scores.document_id
            and projects.project_order = printed_scores.project_order

    union all

    -- No score above its weight.
    select
        scores.document_id,
        scores.project_order,
        'score_within_weight' as check_id,
        {{ as_text('scores.indicator_order') }} as instance_key,
        1 as variant,
        case when sides.column_code = 'score' then 'reported' else 'expected' end as role,
        sides.column_code,
        sides.row_label,
        sides.amount,
        sides.half_unit,
        sides.source_page,
        sides.source_table,
        sides.source_row
    from all_points as scores
    inner join all_points as sides
        on
            scores.document_id = sides.document_id
            and scores.project_order = sides.project_order
            and scores.indicator_order = sides.indicator_order
    left join printed_scores
        on
            scores.document_id = printed_scores.document_id
            and scores.project_order = printed_scores.project_order
    where
        scores.column_code = 'score'
        and scores.amount is not null
        and sides.amount is not null
        -- Many reports print no weight of the execution at all.
        and (scores.indicator_order > 0 or printed_scores.has_execution_weight = 1)

    union all

    -- Total score = Σ scores of the indicators and of the execution.
    select
        stated_totals.document_id,
        stated_totals.project_order,
        'project_total_score' as check_id,
        '' as instance_key,
        1 as variant,
        'reported' as role,
        stated_totals.column_code,
        stated_totals.row_label,
        stated_totals.amount,
        stated_totals.half_unit,
        stated_totals.source_page,
        cast(null as integer) as source_table,
        cast(null as integer) as source_row
    from stated_totals
    where stated_totals.column_code = 'total_score'

    union all

    select
        scores.document_id,
        scores.project_order,
        'project_total_score' as check_id,
        '' as instance_key,
        1 as variant,
        case when scores.amount is null then 'unknown' else 'expected' end as role,
        scores.column_code,
        scores.row_label,
        scores.amount,
        scores.half_unit,
        scores.source_page,
        scores.source_table,
        scores.source_row
    from all_points as scores
    where scores.column_code = 'score'

    union all

    -- Where the table gives the execution no points, the conclusion does.
    select
        stated.document_id,
        stated.project_order,
        'project_total_score' as check_id,
        '' as instance_key,
        1 as variant,
        'expected' as role,
        stated.column_code,
        stated.row_label,
        stated.amount,
        stated.half_unit,
        stated.source_page,
        cast(null as integer) as source_table,
        cast(null as integer) as source_row
    from stated
    left join printed_scores
        on
            stated.document_id = printed_scores.document_id
            and stated.project_order = printed_scores.project_order
    where stated.column_code = 'budget_execution_score' and coalesce(printed_scores.has_execution_score, 0) = 0

    union all

    -- The conclusion's total = its score of the execution + its score of the indicators.
    select
        stated_totals.document_id,
        stated_totals.project_order,
        'project_stated_total' as check_id,
        '' as instance_key,
        1 as variant,
        case when stated_totals.column_code = 'total_score' then 'reported' else 'expected' end as role,
        stated_totals.column_code,
        stated_totals.row_label,
        stated_totals.amount,
        stated_totals.half_unit,
        stated_totals.source_page,
        cast(null as integer) as source_table,
        cast(null as integer) as source_row
    from stated_totals
    inner join projects
        on
            stated_totals.document_id = projects.document_id
            and stated_totals.project_order = projects.project_order
    where
        projects.total_score is not null
        and projects.budget_execution_score is not null
        and projects.indicator_score is not null

    union all

    -- The conclusion's scores = those of the tables.
    select
        stated_totals.document_id,
        stated_totals.project_order,
        'project_stated_score' as check_id,
        stated_totals.column_code as instance_key,
        1 as variant,
        'reported' as role,
        stated_totals.column_code,
        stated_totals.row_label,
        stated_totals.amount,
        stated_totals.half_unit,
        stated_totals.source_page,
        cast(null as integer) as source_table,
        cast(null as integer) as source_row
    from stated_totals
    left join printed_scores
        on
            stated_totals.document_id = printed_scores.document_id
            and stated_totals.project_order = printed_scores.project_order
    where
        stated_totals.column_code = 'indicator_score'
        or (stated_totals.column_code = 'budget_execution_score' and printed_scores.has_execution_score = 1)

    union all

    select
        scores.document_id,
        scores.project_order,
        'project_stated_score' as check_id,
        case when scores.indicator_order = 0 then 'budget_execution_score' else 'indicator_score' end as instance_key,
        1 as variant,
        case when scores.amount is null then 'unknown' else 'expected' end as role,
        scores.column_code,
        scores.row_label,
        scores.amount,
        scores.half_unit,
        scores.source_page,
        scores.source_table,
        scores.source_row
    from all_points as scores
    inner join projects
        on
            scores.document_id = projects.document_id
            and scores.project_order = projects.project_order
    where
        scores.column_code = 'score'
        and (
            (scores.indicator_order = 0 and projects.budget_execution_score is not null)
            or (scores.indicator_order > 0 and projects.indicator_score is not null)
        )

)

select
    terms.document_id,
    terms.project_order,
    projects.disclosure_key,
    projects.project_name,
    terms.check_id,
    terms.instance_key,
    terms.variant,
    terms.role,
    1 as sign,
    terms.column_code,
    projects.project_name || coalesce(' ' || terms.row_label, '') as row_label,
    cast(terms.amount as decimal(24, 6)) as amount,
    terms.half_unit,
    terms.source_page,
    terms.source_table,
    terms.source_row
from terms
inner join projects
    on
        terms.document_id = projects.document_id
        and terms.project_order = projects.project_order
