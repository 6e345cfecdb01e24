-- A unit that ends in 元 is money: one that macros/units.sql does not know would be taken for a count.
select distinct
    document_id,
    unit
from {{ ref('stg_amount') }}
where unit like '%元' and not {{ is_money('unit') }}
