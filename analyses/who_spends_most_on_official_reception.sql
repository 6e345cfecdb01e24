-- Who spent most on 公务接待, and how much of what was budgeted for it? (real departments and samples told apart)
with reception as (

    select
        disclosure_key,
        max(case when phase = 'final' then amount end) as final_amount,
        max(case when phase = 'budget' then amount end) as budget_amount
    from {{ ref('fct_three_public_expenses') }}
    where measure = 'official_reception' and disclosure_kind = 'final_account'
    group by disclosure_key

)

select
    disclosures.department_name,
    disclosures.fiscal_year,
    disclosures.is_simulated,
    reception.final_amount,
    reception.budget_amount,
    round(100 * reception.final_amount / nullif(reception.budget_amount, 0), 1) as percent_of_budget
from reception
inner join {{ ref('dim_disclosure') }} as disclosures on reception.disclosure_key = disclosures.disclosure_key
where reception.final_amount is not null
order by reception.final_amount desc, disclosures.department_name asc, disclosures.fiscal_year asc
limit 10
