with causes as (

    select * from {{ ref('int_finding_cause') }}

),

checks as (

    select *
    from {{ ref('int_finding_check') }}
    where status = 'inconsistent'

),

-- The check that tells a finding: a grave one first, one that says what the figure should be, and what stands nearest to it.
ranked as (

    select
        causes.place_key,
        checks.check_key,
        checks.check_kind,
        checks.family,
        checks.check_name,
        checks.document_id,
        checks.disclosure_key,
        checks.severity,
        causes.implied,
        causes.suspect_count,
        checks.difference,
        checks.tolerance,
        checks.reason,
        checks.source_page,
        row_number() over (
            partition by causes.place_key
            order by
                case checks.severity when 'material' then 0 when 'last_digit' then 1 else 2 end,
                case when causes.implied is null then 1 else 0 end,
                case checks.family
                    when 'within_form' then 1
                    when 'across_forms' then 2
                    when 'stated_figure' then 3
                    when 'year_over_year' then 4
                    else 5
                end,
                checks.check_key
        ) as choice
    from causes
    inner join checks on causes.check_key = checks.check_key

)

select
    place_key as finding_key,
    check_key,
    choice = 1 as is_principal,
    check_kind,
    family,
    check_name,
    document_id,
    disclosure_key,
    severity,
    implied as expected_value,
    cast(difference as decimal(24, 6)) as difference,
    cast(tolerance as decimal(24, 6)) as tolerance,
    suspect_count,
    reason,
    source_page
from ranked
