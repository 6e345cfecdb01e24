-- Of which kinds are the findings in the disclosures of some departments?
select
    family as code,
    cast(count(*) as decimal(10, 0)) as amount,
    count(*) filter (where severity = 'material') as material,
    count(*) filter (where severity = 'last_digit') as last_digit,
    count(*) filter (where severity = 'wording') as wording
from marts.rpt_finding
where department_key in $departments and is_current
group by family
order by amount desc, family
