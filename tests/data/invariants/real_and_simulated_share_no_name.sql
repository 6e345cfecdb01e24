-- A sample with invented figures never bears the name of a real department.
select
    department_key,
    count(distinct is_simulated) as kinds
from {{ ref('int_document_identity') }}
group by department_key
having count(distinct is_simulated) > 1
