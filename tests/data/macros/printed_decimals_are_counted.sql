-- One row a text whose decimals are not those expected.
with cases as (

    select
        '1,252.58' as printed,
        2 as decimals
    union all
    select
        '29029236. 59' as printed,
        2 as decimals
    union all
    select
        '795600.5' as printed,
        1 as decimals
    union all
    select
        '6,000,000' as printed,
        0 as decimals
    union all
    select
        '0.00' as printed,
        2 as decimals
    union all
    select
        '' as printed,
        0 as decimals

)

select
    printed,
    decimals,
    {{ printed_decimals('printed') }} as counted
from cases
where {{ printed_decimals('printed') }} <> decimals
