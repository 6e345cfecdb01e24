-- Each row of the alias seed has what its relation needs: a spelling or a former name leads to another key, a merger to a successor,
-- a unit to a parent; and nobody is its own parent or successor.
select
    department_name,
    relation,
    department_key,
    successor_key,
    parent_key
from {{ ref('department_alias') }}
where
    case relation
        when 'merged' then successor_key is null or successor_key = department_key
        when 'unit' then parent_key is null or parent_key = department_key
        else department_key = department_name
    end
