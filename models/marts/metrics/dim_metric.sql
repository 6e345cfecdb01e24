with definitions as (

    {{ metric_definitions() }}

)

select
    metric,
    label_zh,
    label_en,
    description,
    unit,
    metric_type,
    numerator_metric,
    denominator_metric
from definitions
