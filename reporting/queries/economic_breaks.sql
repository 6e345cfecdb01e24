-- In which years did the economic classification (支出经济分类) change, and how many of its codes?
with periods as (
    select
        *,
        lag(name) over (partition by code order by coalesce(valid_from_year, 0)) as earlier_name,
        lead(name) over (partition by code order by coalesce(valid_from_year, 0)) as later_name
    from marts.dim_economic_classification
    where status = 'standard'
),

changes as (
    select
        valid_from_year as fiscal_year,
        case
            when earlier_name is null then 'added'
            when earlier_name <> name then 'renamed'
        end as change
    from periods
    where valid_from_year is not null

    union all

    select
        valid_to_year + 1,
        'gone'
    from periods
    where valid_to_year is not null and later_name is null
)

select
    fiscal_year,
    count(*) filter (where change = 'renamed') as renamed,
    count(*) filter (where change = 'added') as added,
    count(*) filter (where change = 'gone') as gone
from changes
where change is not null
group by fiscal_year
order by fiscal_year
