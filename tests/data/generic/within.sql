{#- A figure lies between two bounds, the bounds included; NULL is for not_null to judge. -#}
{% test within(model, column_name, at_least=none, at_most=none) %}

select {{ column_name }}
from {{ model }}
where
    {{ column_name }} < {{ at_least if at_least is not none else column_name }}
    or {{ column_name }} > {{ at_most if at_most is not none else column_name }}

{% endtest %}
