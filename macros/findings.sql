{#- Findings of some families that nobody has looked up yet: both sides, what rounding allows, and the page. -#}
{% macro new_findings(families) -%}
select
    file_name,
    source_page,
    check_name,
    severity,
    coalesce(form_code, 'text') as place,
    row_label,
    column_code,
    printed_text,
    unit,
    printed_value,
    expected_value,
    allowed_low,
    allowed_high,
    reason,
    also_breaks
from {{ ref('rpt_finding') }}
where
    not is_known
    and family in ({% for family in families %}'{{ family }}'{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{#- Whether an entry of seeds/known_discrepancy.csv means a finding: the same file, check, page and both figures, to a hundredth. -#}
{% macro is_listed(findings, known) -%}
    {{ findings }}.document_id = {{ known }}.document_id
    and {{ findings }}.check_name = {{ known }}.check_name
    and {{ findings }}.source_page is not distinct from {{ known }}.source_page
    and coalesce({{ findings }}.printed_text, '') = coalesce({{ known }}.printed, '')
    and round({{ findings }}.expected_value, 2) is not distinct from round({{ known }}.expected, 2)
{%- endmacro %}
