-- Which departments have published, and what of them is loaded?
select
    departments.department_key,
    departments.department_name,
    departments.is_simulated,
    departments.first_year,
    departments.last_year,
    count(*) as disclosure_count,
    list(distinct disclosures.reporting_scope order by disclosures.reporting_scope) as reporting_scopes,
    list(distinct disclosures.disclosure_kind order by disclosures.disclosure_kind desc) as disclosure_kinds
from marts.dim_department as departments
inner join marts.dim_disclosure as disclosures on departments.department_key = disclosures.department_key
group by all
order by departments.is_simulated, disclosure_count desc, departments.department_name
