with cases as (

    select *
    from (
        values
        (2018, null, 2018, true),
        (2019, null, 2018, false),
        (2019, 2019, null, true),
        (2018, 2019, null, false),
        (1990, null, null, true)
    ) as periods (year, valid_from, valid_to, expected)  -- noqa: AL05

)

select *
from cases
where ({{ valid_in('year', 'valid_from', 'valid_to') }}) is distinct from expected
