{#- At least this share of the rows says something in the column. A table without rows says nothing either way: pair it with has_rows. -#}
{% test filled_share(model, column_name, at_least) %}

select
    count(*) as row_count,
    count({{ column_name }}) as filled_count
from {{ model }}
having count(*) > 0 and count({{ column_name }}) < {{ at_least }} * count(*)

{% endtest %}
