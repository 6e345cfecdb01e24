{#- The key of a place that a printed figure stands at: a cell of a form. -#}
{% macro cell_key(relation) -%}
    {{ relation }}.document_id || '/cell/' || {{ as_text(relation ~ '.form_order') }} || '/' || {{ as_text(relation ~ '.row_order') }}
    || '/' || {{ relation }}.column_code
{%- endmacro %}

{#- The key of a place that a printed figure stands at: a slot (`value`, `delta`, `percent`, `name`) of a claim in the prose. -#}
{% macro claim_key(relation, slot, claim_order='claim_order') -%}
    {{ relation }}.document_id || '/claim/' || {{ as_text(relation ~ '.' ~ claim_order) }} || '/{{ slot }}'
{%- endmacro %}

{#- The key of a place that a printed figure stands at: a cell of a project's evaluation report. -#}
{% macro project_key(relation) -%}
    {{ relation }}.document_id || '/project/' || {{ as_text(relation ~ '.project_order') }} || '/' || {{ relation }}.row_label
    || '/' || {{ relation }}.column_code
{%- endmacro %}

{#- The key of words that a check of the prose is about: the same words in one document are one place. -#}
{% macro prose_key(relation) -%}
    {{ relation }}.document_id || '/prose/' || {{ relation }}.check_name || '/'
    || coalesce({{ relation }}.printed, {{ relation }}.check_key)
{%- endmacro %}
