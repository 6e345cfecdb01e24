with cases as (

    select *
    from (
        values
        (0, '元', 0.5),
        (1, '元', 0.05),
        (2, '元', 0),
        (3, '元', 0),
        (0, '万元', 5000),
        (2, '万元', 50),
        (5, '万元', 0.05),
        (6, '万元', 0),
        (2, '亿元', 500000),
        (9, '亿元', 0),
        (0, '辆', 0.5)
    ) as units (decimals, unit, expected)  -- noqa: AL05

)

select
    decimals,
    unit,
    expected,
    {{ half_unit('decimals', 'unit') }} as actual
from cases
where {{ half_unit('decimals', 'unit') }} <> expected
