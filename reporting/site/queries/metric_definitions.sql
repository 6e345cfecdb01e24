-- The metrics and what each means.
select metric, label_zh, label_en, description, unit, metric_type, numerator_metric, denominator_metric
from marts.dim_metric
order by metric_type desc, metric
