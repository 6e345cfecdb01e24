{#
    The metrics of models/marts/metrics/_marts__metrics__semantic.yml as SQL. dbt reads and validates that file, and hands it out as `graph`; what is made of it here
    is what MetricFlow makes of it for one department, year and scope a row. Only what that file uses is understood: measures with `sum` and `max`,
    filters on dimensions, metrics `simple` and `ratio`. All else stops the build.
#}

{#- Subjects under which the prose states how many people are in office. -#}
{% macro staff_in_office() -%}
    ^(年末|年底|期末)?((实有|实际|现有)(在编)?(在职|在岗)?|(在编)?(在职|在岗))(职工|干部职工|人员|人数)?(总数|合计|共计|总计|共)?$
{%- endmacro %}

{#- The metrics by name, as dbt has read them; none while dbt only parses. -#}
{% macro defined_metrics() -%}
    {%- set found = [] -%}
    {%- if execute and graph is defined -%}
        {%- for metric in graph.metrics.values() -%}
            {%- if metric.package_name == project_name -%}{%- do found.append(metric) -%}{%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found | sort(attribute='name')) }}
{%- endmacro %}

{#- The semantic model that has a measure, and the measure. -#}
{% macro measure_named(name) -%}
    {%- for model in graph.semantic_models.values() -%}
        {%- for measure in model.measures if measure.name == name -%}
            {{ return({'model': model, 'measure': measure}) }}
        {%- endfor -%}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error('no semantic model has the measure ' ~ name) }}
{%- endmacro %}

{#- Dimensions of a semantic model: what each is in SQL, by name. -#}
{% macro dimension_expressions(model) -%}
    {%- set expressions = {} -%}
    {%- for dimension in model.dimensions -%}
        {%- do expressions.update({dimension.name: dimension.expr or dimension.name}) -%}
    {%- endfor -%}
    {{ return(expressions) }}
{%- endmacro %}

{#- The filters of a metric or of an input of one, in SQL: {{ Dimension('entity__name') }} is a column. -#}
{% macro filters_in_sql(filter, model) -%}
    {%- set expressions = dimension_expressions(model) -%}
    {%- set found = [] -%}
    {%- for one in (filter.where_filters if filter else []) -%}
        {%- set sql = modules.re.sub("{{\s*Dimension\(\s*'([a-z_]+)__([a-z_]+)'\s*\)\s*}}", '<\\1.\\2>', one.where_sql_template) -%}
        {%- if '{{' in sql -%}{{ exceptions.raise_compiler_error('this filter of a metric is not understood: ' ~ one.where_sql_template) }}{%- endif -%}
        {%- set sql = namespace(text=sql) -%}
        {%- for name, expression in expressions.items() -%}
            {%- set sql.text = sql.text | replace('<' ~ model.name ~ '.' ~ name ~ '>', expression) -%}
        {%- endfor -%}
        {%- if '<' ~ model.name ~ '.' in sql.text -%}{{ exceptions.raise_compiler_error('no such dimension: ' ~ one.where_sql_template) }}{%- endif -%}
        {%- do found.append('(' ~ sql.text ~ ')') -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- An input of a ratio, in words: its metric, and of what it is. -#}
{% macro input_in_words(input, metrics) -%}
    {%- set model = measure_named(metrics[input.name].type_params.measure.name).model -%}
    {{ input.name }}{% for filter in filters_in_sql(input.filter, model) %} with {{ filter[1:-1] | replace("'", '') }}{% endfor %}
{%- endmacro %}

{#- What a simple metric is told by, of all that a row of fct_metric may be told by. -#}
{% macro metric_keys() -%}
    {{ return(['disclosure_kind', 'classification_code']) }}
{%- endmacro %}

{#- A simple metric: one row for each department, year and scope, and for each of what else it is told by. -#}
{% macro simple_metric(metric, by, filter=none) -%}
    {%- set found = measure_named(metric.type_params.measure.name) -%}
    {%- if metric.type != 'simple' or found.measure.agg not in ('sum', 'max') -%}
        {{ exceptions.raise_compiler_error('this metric is not understood: ' ~ metric.name) }}
    {%- endif -%}
    {%- set model = found.model -%}
    {%- set expressions = dimension_expressions(model) -%}
    {%- set value = found.measure.expr or found.measure.name -%}
    {%- set filters = filters_in_sql(metric.filter, model) + filters_in_sql(metric.type_params.measure.filter, model) + filters_in_sql(filter, model) -%}
    select
        department_key,
        fiscal_year,
        reporting_scope
        {%- for key in metric_keys() %},
        {{ expressions[key] if key in by else as_text('null') }} as {{ key }}
        {%- endfor %},
        cast({{ found.measure.agg }}({{ value }}) as decimal(24, 6)) as value,
        case when count({{ value }}) = 1 then max(case when {{ value }} is not null then disclosure_key end) end as disclosure_key,
        case when count({{ value }}) = 1 then max(case when {{ value }} is not null then document_id end) end as document_id,
        case when count({{ value }}) = 1 then max(case when {{ value }} is not null then source_page end) end as source_page
    from {{ ref(model.node_relation.alias) }}
    {%- if filters %}
    where {{ filters | join(' and ') }}
    {%- endif %}
    group by department_key, fiscal_year, reporting_scope
        {%- for key in by %}, {{ expressions[key] }}{% endfor %}
{%- endmacro %}

{#- Any metric, with what it is made of. A ratio of percent is one hundred times as large. -#}
{% macro metric_rows(metric) -%}
    {%- set by = metric.config.meta.by -%}
    {%- if metric.type == 'simple' -%}
    select
        '{{ metric.name }}' as metric,
        simple.*,
        cast(null as decimal(24, 6)) as numerator,
        cast(null as decimal(24, 6)) as denominator,
        {{ as_text('null') }} as reason
    from ({{ simple_metric(metric, by) }}) as simple
    where simple.value is not null
    {%- elif metric.type == 'ratio' -%}
    {%- set inputs = {} -%}
    {%- for other in defined_metrics() -%}{%- do inputs.update({other.name: other}) -%}{%- endfor -%}
    {%- set numerator = metric.type_params.numerator -%}
    {%- set denominator = metric.type_params.denominator -%}
    {%- set factor = 100 if metric.config.meta.unit == 'percent' else 1 %}
    select
        '{{ metric.name }}' as metric,
        coalesce(numerators.department_key, denominators.department_key) as department_key,
        coalesce(numerators.fiscal_year, denominators.fiscal_year) as fiscal_year,
        coalesce(numerators.reporting_scope, denominators.reporting_scope) as reporting_scope
        {%- for key in metric_keys() %},
        coalesce(numerators.{{ key }}, denominators.{{ key }}) as {{ key }}
        {%- endfor %},
        {{ as_decimal(factor ~ ' * ' ~ quotient('numerators.value', 'nullif(denominators.value, 0)'), 24, 6) }} as value,
        numerators.disclosure_key,
        numerators.document_id,
        numerators.source_page,
        numerators.value as numerator,
        denominators.value as denominator,
        case
            when numerators.value is null then '{{ input_in_words(numerator, inputs) }} is not known'
            when denominators.value is null then '{{ input_in_words(denominator, inputs) }} is not known'
            when denominators.value = 0 then '{{ input_in_words(denominator, inputs) }} is zero'
        end as reason
    from ({{ simple_metric(inputs[numerator.name], by, numerator.filter) }}) as numerators
    full outer join ({{ simple_metric(inputs[denominator.name], by, denominator.filter) }}) as denominators
        on
            numerators.department_key = denominators.department_key
            and numerators.fiscal_year = denominators.fiscal_year
            and numerators.reporting_scope = denominators.reporting_scope
            {%- for key in by %}
            and numerators.{{ key }} = denominators.{{ key }}
            {%- endfor %}
    where coalesce(numerators.value, denominators.value) is not null
    {%- else -%}
    {{ exceptions.raise_compiler_error('this metric is not understood: ' ~ metric.name) }}
    {%- endif -%}
{%- endmacro %}

{#- All metrics, one below the other. -#}
{% macro all_metric_rows() -%}
    {%- for metric in defined_metrics() %}
    {{ metric_rows(metric) }}
    {% if not loop.last %}union all{% endif %}
    {%- else -%}
    select 1 as metric
    {%- endfor %}
{%- endmacro %}

{#- What the metrics are: the rows of dim_metric. -#}
{% macro metric_definitions() -%}
    {%- for metric in defined_metrics() %}
    select
        '{{ metric.name }}' as metric,
        '{{ metric.config.meta.label_zh }}' as label_zh,
        '{{ metric.label }}' as label_en,
        '{{ dbt.escape_single_quotes(metric.description | trim) }}' as description,
        '{{ metric.config.meta.unit }}' as unit,
        '{{ metric.type }}' as metric_type,
        {{ "'" ~ metric.type_params.numerator.name ~ "'" if metric.type == 'ratio' else as_text('null') }} as numerator_metric,
        {{ "'" ~ metric.type_params.denominator.name ~ "'" if metric.type == 'ratio' else as_text('null') }} as denominator_metric
    {% if not loop.last %}union all{% endif %}
    {%- else -%}
    select 1 as metric
    {%- endfor %}
{%- endmacro %}

{#- One row a day from the first to the last; stands alone in a select list. -#}
{% macro days(first, last) -%}
    {{ return(adapter.dispatch('days', 'juesuan')(first, last)) }}
{%- endmacro %}

{% macro default__days(first, last) -%}
    unnest(generate_series(date '{{ first }}', date '{{ last }}', interval 1 day))
{%- endmacro %}

{% macro spark__days(first, last) -%}
    explode(sequence(date '{{ first }}', date '{{ last }}', interval 1 day))
{%- endmacro %}
