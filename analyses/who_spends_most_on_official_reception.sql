-- Who spent most on 公务接待, and how much of what was budgeted for it? (real departments and samples told apart)
-- One department: variable `department`. Per head: over the staff that the prose states, where it states one number.
with reception as (

    select
        disclosure_key,
        max(case when phase = 'final' then amount end) as final_amount,
        max(case when phase = 'budget' then amount end) as budget_amount,
        max(case when phase = 'final' then source_page end) as source_page
    from {{ ref('fct_three_public_expenses') }}
    where measure = 'official_reception' and disclosure_kind = 'final_account'
    group by disclosure_key

),

per_head as (

    select
        disclosure_key,
        value
    from {{ ref('fct_metric') }}
    where metric = 'official_reception_per_head'

)

select
    disclosures.department_name,
    disclosures.fiscal_year,
    disclosures.is_simulated,
    reception.final_amount,
    reception.budget_amount,
    round(100 * reception.final_amount / nullif(reception.budget_amount, 0), 1) as percent_of_budget,
    round(per_head.value, 2) as amount_per_head,
    reception.source_page
from reception
inner join {{ ref('dim_disclosure') }} as disclosures on reception.disclosure_key = disclosures.disclosure_key
left join per_head on reception.disclosure_key = per_head.disclosure_key
where
    reception.final_amount is not null
    and '{{ var("department", "") }}' in ('', disclosures.department_key)
order by reception.final_amount desc, disclosures.department_name asc, disclosures.fiscal_year asc
