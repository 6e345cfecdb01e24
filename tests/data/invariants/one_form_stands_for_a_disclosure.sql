-- The facts take each form of a disclosure from one place.
select
    disclosure_key,
    form_code,
    count(*) as chosen_count
from {{ ref('int_disclosure_form') }}
where is_chosen
group by disclosure_key, form_code
having count(*) <> 1
