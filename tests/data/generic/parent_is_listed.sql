{#- Each section and item stands under a code of the same list. -#}
{% test parent_is_listed(model) %}

select
    children.code,
    children.parent_code
from {{ model }} as children
left join {{ model }} as parents on children.parent_code = parents.code
where children.parent_code is not null and parents.code is null

{% endtest %}
