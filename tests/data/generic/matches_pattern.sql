{#- A text has the form that it should have; NULL is for not_null to judge. -#}
{% test matches_pattern(model, column_name, pattern) %}

select {{ column_name }}
from {{ model }}
where {{ column_name }} is not null and not {{ matches(column_name, pattern) }}

{% endtest %}
