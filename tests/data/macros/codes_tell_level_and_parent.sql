with cases as (

    select *
    from (
        values
        ('201', 'class', 'class', null, '201'),
        ('20101', 'section', 'section', '201', '201'),
        ('2010101', 'item', null, '20101', '201'),
        ('7', null, null, null, null),
        ('2010', null, null, null, null),
        ('201010101', null, null, null, null)
    ) as codes (code, functional, economic, parent, class)  -- noqa: AL05

)

select *
from cases
where
    {{ functional_level('code') }} is distinct from functional
    or {{ economic_level('code') }} is distinct from economic
    or {{ parent_code('code') }} is distinct from parent
    or {{ class_code('code') }} is distinct from class
