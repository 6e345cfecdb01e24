with projects as (

    select * from {{ ref('stg_project') }}

),

identities as (

    select * from {{ ref('int_document_identity') }}

),

editions as (

    select * from {{ ref('int_document_edition') }}

),

publications as (

    select * from {{ ref('int_document_publication') }}

),

-- Units of a department may have projects of one name, such as 工作经费: the unit is part of the key.
keyed as (

    select
        projects.document_id,
        projects.project_order,
        identities.disclosure_key,
        identities.department_key,
        identities.fiscal_year,
        identities.disclosure_kind,
        publications.first_seen_at,
        editions.is_current,
        projects.project_name,
        projects.unit_code,
        projects.unit_name,
        projects.conclusion_name,
        projects.budget_execution_score,
        projects.indicator_score,
        projects.total_score,
        projects.grade,
        projects.grade_text,
        projects.first_page,
        projects.last_page,
        {{ canonical_name('projects.project_name') }}
        || coalesce('/' || {{ canonical_name('projects.unit_name') }}, '') as project_key
    from projects
    inner join identities on projects.document_id = identities.document_id
    inner join editions on projects.document_id = editions.document_id
    inner join publications on projects.document_id = publications.document_id

),

-- A disclosure may come as several files that judge the same project: a current one counts, of these the one seen last.
ranked as (

    select
        *,
        row_number() over (
            partition by disclosure_key, project_key
            order by case when is_current then 1 else 2 end asc, first_seen_at desc, document_id asc, project_order asc
        ) as choice
    from keyed

)

select
    document_id,
    project_order,
    disclosure_key,
    department_key,
    fiscal_year,
    disclosure_kind,
    project_key,
    project_name,
    unit_code,
    unit_name,
    conclusion_name,
    budget_execution_score,
    indicator_score,
    total_score,
    grade,
    grade_text,
    first_page,
    last_page
from ranked
where choice = 1
