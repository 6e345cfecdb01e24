{%- set comparisons = ['amount', 'rate', 'share', 'completion', 'name', 'parts', 'score', 'sign', 'described', 'executed', 'prior'] %}
with
{% for comparison in comparisons %}
    {{ comparison }}_checks as (

        select * from {{ ref('int_claim_check_' ~ comparison) }}

    ),
{% endfor %}
checks as (
    {% for comparison in comparisons %}
        select
            document_id,
            claim_order,
            check_name,
            reported,
            expected,
            difference,
            tolerance,
            status,
            severity,
            reason,
            other_key
        from {{ comparison }}_checks
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
)

select * from checks
