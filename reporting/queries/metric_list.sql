-- What can be compared between departments?
select
    metric,
    label_zh,
    label_en,
    description,
    unit
from marts.dim_metric
where metric in (select metric from marts.fct_metric where classification_code is null)
order by unit desc, metric
