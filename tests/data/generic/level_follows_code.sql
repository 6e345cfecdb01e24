{#- The length of a code tells its level and its parent. -#}
{% test level_follows_code(model) %}

select
    code,
    level,
    parent_code
from {{ model }}
where
    coalesce(level, '') <> coalesce({{ functional_level('code') }}, '')
    or coalesce(parent_code, '') <> coalesce({{ parent_code('code') }}, '')

{% endtest %}
