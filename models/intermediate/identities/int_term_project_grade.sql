with projects as (

    select * from {{ ref('int_evaluated_project') }}

),

points as (

    select * from {{ ref('int_term_project_points') }}

),

bands as (

    select * from {{ ref('grade_band') }}

),

-- Where boxes are printed and none or several are ticked there is no grade to look up; the text of the boxes says so.
graded as (

    select
        projects.document_id,
        projects.project_order,
        projects.disclosure_key,
        projects.project_name,
        projects.fiscal_year,
        projects.grade,
        projects.grade_text,
        bands.from_score,
        bands.to_score,
        bands.includes_to,
        bands.grade is not null as is_known
    from projects
    left join bands
        on
            projects.grade = bands.grade
            and projects.fiscal_year >= coalesce(bands.valid_from_year, 0)
    where projects.grade_text is not null

),

terms as (

    select
        graded.document_id,
        graded.project_order,
        graded.disclosure_key,
        graded.project_name,
        'reported' as role,
        points.column_code,
        points.row_label,
        points.amount,
        points.half_unit,
        points.source_page
    from graded
    inner join points
        on
            graded.document_id = points.document_id
            and graded.project_order = points.project_order
    where points.check_id = 'project_total_score' and points.role = 'reported'

    union all

    select
        document_id,
        project_order,
        disclosure_key,
        project_name,
        'at_least' as role,
        'grade' as column_code,
        project_name || ' 等级 ' || grade as row_label,
        cast(from_score as decimal(24, 6)) as amount,
        cast(0 as decimal(20, 6)) as half_unit,
        cast(null as integer) as source_page
    from graded
    where is_known

    union all

    select
        document_id,
        project_order,
        disclosure_key,
        project_name,
        case when includes_to then 'up_to' else 'below' end as role,
        'grade' as column_code,
        project_name || ' 等级 ' || grade as row_label,
        cast(to_score as decimal(24, 6)) as amount,
        cast(0 as decimal(20, 6)) as half_unit,
        cast(null as integer) as source_page
    from graded
    where is_known

    union all

    select
        document_id,
        project_order,
        disclosure_key,
        project_name,
        'unknown' as role,
        'grade' as column_code,
        project_name || ' 等级 ' || grade_text as row_label,
        cast(null as decimal(24, 6)) as amount,
        cast(0 as decimal(20, 6)) as half_unit,
        cast(null as integer) as source_page
    from graded
    where not is_known

)

select
    document_id,
    project_order,
    disclosure_key,
    project_name,
    'project_grade' as check_id,
    '' as instance_key,
    1 as variant,
    role,
    1 as sign,
    column_code,
    row_label,
    amount,
    half_unit,
    source_page,
    cast(null as integer) as source_table,
    cast(null as integer) as source_row
from terms
