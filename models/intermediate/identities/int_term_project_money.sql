{%- set amounts = ['initial_declared', 'initial_budget', 'full_year_budget', 'executed', 'carryover'] -%}

with projects as (

    select * from {{ ref('int_evaluated_project') }}

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

funding as (

    {% for name in amounts %}
        select
            document_id,
            project_order,
            execution_order,
            funding_source,
            funding_code,
            '{{ name }}' as column_code,
            {{ name }}_amount as amount,
            {{ name }}_half_unit as half_unit,
            source_page,
            source_table,
            source_row
        from executions
        where {{ name }}_amount is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

funding_totals as (

    select funding.*
    from funding
    inner join totals
        on
            funding.document_id = totals.document_id
            and funding.project_order = totals.project_order
            and funding.execution_order = totals.execution_order

),

funding_parts as (

    select
        *,
        count(*) over (partition by document_id, project_order, column_code) as part_count,
        row_number() over (
            partition by document_id, project_order, column_code, funding_code
            order by execution_order
        ) as choice_of_code
    from funding
    where coalesce(funding_code, '') <> 'total'

),

readings as (

    select
        1 as variant,
        1 as factor
    union all
    select
        2 as variant,
        100 as factor

),

several as (

    select distinct
        document_id,
        project_order,
        column_code
    from funding_parts
    where part_count > 1

),

terms as (

    -- Execution rate = executed ÷ budget of the full year; some print a share of 1 in the place of a percentage.
    select
        executions.document_id,
        executions.project_order,
        'execution_rate' as check_id,
        {{ as_text('executions.execution_order') }} as instance_key,
        readings.variant,
        'reported' as role,
        'execution_rate' as column_code,
        executions.funding_source as row_label,
        cast(executions.execution_rate * readings.factor as decimal(12, 4)) as amount,
        cast({{ half_digit(printed_decimals('executions.execution_rate_text')) }} * readings.factor as decimal(20, 6)) as half_unit,
        executions.source_page,
        executions.source_table,
        executions.source_row
    from executions
    inner join readings
        on
            readings.variant = 1
            or (executions.execution_rate between 0 and 1.5 and position('%' in executions.execution_rate_text) = 0)
    where
        executions.execution_rate is not null
        -- Nothing of nothing: there is no rate to compare.
        and not (
            executions.execution_rate = 0
            and coalesce(executions.executed_amount, 0) = 0
            and coalesce(executions.full_year_budget_amount, 0) = 0
        )

    union all

    select
        funding.document_id,
        funding.project_order,
        'execution_rate' as check_id,
        {{ as_text('funding.execution_order') }} as instance_key,
        readings.variant,
        case when funding.column_code = 'executed' then 'numerator' else 'denominator' end as role,
        funding.column_code,
        funding.funding_source as row_label,
        funding.amount,
        funding.half_unit,
        funding.source_page,
        funding.source_table,
        funding.source_row
    from funding
    inner join executions
        on
            funding.document_id = executions.document_id
            and funding.project_order = executions.project_order
            and funding.execution_order = executions.execution_order
    inner join readings
        on
            readings.variant = 1
            or (executions.execution_rate between 0 and 1.5 and position('%' in executions.execution_rate_text) = 0)
    where
        funding.column_code in ('executed', 'full_year_budget')
        and executions.execution_rate is not null
        and not (
            executions.execution_rate = 0
            and coalesce(executions.executed_amount, 0) = 0
            and coalesce(executions.full_year_budget_amount, 0) = 0
        )

    union all

    -- All the money = Σ its sources, where more than one is printed. A source may be split up below it (其中：中央): the second
    -- reading takes the first row of each kind.
    select
        funding_totals.document_id,
        funding_totals.project_order,
        'project_funding_parts' as check_id,
        funding_totals.column_code as instance_key,
        readings.variant,
        'reported' as role,
        funding_totals.column_code,
        funding_totals.funding_source as row_label,
        funding_totals.amount,
        funding_totals.half_unit,
        funding_totals.source_page,
        funding_totals.source_table,
        funding_totals.source_row
    from funding_totals
    inner join several
        on
            funding_totals.document_id = several.document_id
            and funding_totals.project_order = several.project_order
            and funding_totals.column_code = several.column_code
    inner join readings on readings.variant <= 2

    union all

    select
        funding_parts.document_id,
        funding_parts.project_order,
        'project_funding_parts' as check_id,
        funding_parts.column_code as instance_key,
        readings.variant,
        'expected' as role,
        funding_parts.column_code,
        funding_parts.funding_source as row_label,
        funding_parts.amount,
        funding_parts.half_unit,
        funding_parts.source_page,
        funding_parts.source_table,
        funding_parts.source_row
    from funding_parts
    inner join readings on readings.variant = 1 or funding_parts.choice_of_code = 1
    where funding_parts.part_count > 1

    union all

    -- No source above all the money.
    select
        sides.document_id,
        sides.project_order,
        'project_funding_of_which' as check_id,
        {{ as_text('parts.execution_order') }} || '/' || parts.column_code as instance_key,
        1 as variant,
        case when sides.execution_order = parts.execution_order then 'reported' else 'expected' end as role,
        sides.column_code,
        sides.funding_source as row_label,
        sides.amount,
        sides.half_unit,
        sides.source_page,
        sides.source_table,
        sides.source_row
    from funding_parts as parts
    inner join funding_totals
        on
            parts.document_id = funding_totals.document_id
            and parts.project_order = funding_totals.project_order
            and parts.column_code = funding_totals.column_code
    inner join funding as sides
        on
            parts.document_id = sides.document_id
            and parts.project_order = sides.project_order
            and parts.column_code = sides.column_code
            and (parts.execution_order = sides.execution_order or funding_totals.execution_order = sides.execution_order)

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
