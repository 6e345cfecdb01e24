{#-
    Documents with the key of their department: that which the name has in the seed of aliases, else the name itself. An alias is
    valid for some years: the same name may belong to another department later.
-#}
{% macro with_department_key(documents, aliases) -%}
    select
        {{ documents }}.*,
        coalesce({{ aliases }}.department_key, {{ canonical_name(documents ~ '.department_name') }}) as department_key
    from {{ documents }}
    left join {{ aliases }}
        on
            {{ canonical_name(documents ~ '.department_name') }} = {{ canonical_name(aliases ~ '.department_name') }}
            and {{ valid_in(documents ~ '.fiscal_year', aliases ~ '.valid_from_year', aliases ~ '.valid_to_year') }}
{%- endmacro %}

{#- The key of the disclosure that a document with a department is of. -#}
{% macro disclosure_key() -%}
    department_key || '/' || {{ as_text('fiscal_year') }} || '/' || disclosure_kind || '/' || reporting_scope
{%- endmacro %}
