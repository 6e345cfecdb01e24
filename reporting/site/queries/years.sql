-- Coverage by fiscal year and kind of disclosure.
with disclosures as (select * from marts.dim_disclosure),
quality as (select * from marts.rpt_disclosure_quality)

select
    disclosures.fiscal_year,
    disclosures.disclosure_kind,
    count(distinct disclosures.department_key) as departments,
    count(*) as disclosures,
    sum(quality.amount_count)::bigint as amounts,
    sum(quality.findings)::bigint as findings
from disclosures
inner join quality on disclosures.disclosure_key = quality.disclosure_key
group by disclosures.fiscal_year, disclosures.disclosure_kind
order by disclosures.fiscal_year desc, disclosures.disclosure_kind desc
