{#
    What Spark needs that DuckDB does not; the models say `varchar` throughout. docs/spark.md tells how the two are run beside each other.
#}

{#- Spark's name of a type. -#}
{% macro spark_type(type) -%}
    {{ 'string' if type == 'varchar' else type }}
{%- endmacro %}

{#- Contracts compare the columns of a model with casts to the types of its YAML. -#}
{% macro spark__cast(field, type) -%}
    cast({{ field }} as {{ spark_type(type) }})
{%- endmacro %}

{#- A value of a seed, whose file dbt has read: of a column of text, of years and orders, or of a flag. -#}
{% macro spark_literal(value) -%}
    {%- if value is none -%}
        null
    {%- elif value is string -%}
        '{{ value | replace("\\", "\\\\") | replace("'", "\\'") }}'
    {%- else -%}
        {{ value }}
    {%- endif -%}
{%- endmacro %}

{#- Seeds: dbt-spark would write an empty field as the text None, and take neither quotes nor a `varchar` without a length. -#}
{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set sql -%}
        create table {{ this.render() }} (
            {%- for name in agate_table.column_names %}
            {{ name }} {{ spark_type(types.get(name, adapter.convert_type(agate_table, loop.index0))) }}
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        )
        {{ file_format_clause() }}
        {{ location_clause() }}
        {{ comment_clause() }}
    {%- endset -%}
    {%- call statement('_') -%}{{ sql }}{%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set statements = [] -%}
    {%- for rows in agate_table.rows | batch(get_batch_size()) -%}
        {%- set sql -%}
            insert into {{ this.render() }}
            select
                {%- for name in agate_table.column_names %}
                {%- set type = types.get(name, adapter.convert_type(agate_table, loop.index0)) %}
                cast({{ name }} as {{ spark_type(type) }}) as {{ name }}
                {%- if not loop.last %},{% endif %}
                {%- endfor %}
            from values
            {%- for row in rows %}
            ({% for value in row %}{{ spark_literal(value) }}{% if not loop.last %}, {% endif %}{% endfor %})
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
            as rows_of_seed ({{ agate_table.column_names | join(', ') }})
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
        {%- do statements.append(sql) -%}
    {%- endfor -%}
    {{ return(statements[0]) }}
{%- endmacro %}

{#-
    The tables of staging, as Parquet files under a folder (or URL) that Spark reads: `dbt run-operation register_staging --target spark
    --args '{location: …}'`, once for each catalog. They are read where they are; nothing is copied.
-#}
{% macro register_staging(location) -%}
    {%- for source in graph.sources.values() -%}
        {%- do run_query('create schema if not exists ' ~ source.schema) -%}
        {%- set table = source.schema ~ '.' ~ source.identifier -%}
        {%- do run_query('drop table if exists ' ~ table) -%}
        {%- do run_query("create table " ~ table ~ " using parquet location '" ~ location ~ '/' ~ source.identifier ~ "'") -%}
    {%- endfor -%}
{%- endmacro %}
