{#
    How alike two names are, by their characters. The built-in measures (levenshtein, jaro_winkler) of DuckDB compare bytes, and a
    Chinese character has three of them: 财政局 and 税务局 would be more alike than they look.
#}

{#- The characters of a text that are in the other one as well, each counted once. -#}
{% macro shared_characters(text, other) -%}
    {{ return(adapter.dispatch('shared_characters', 'juesuan')(text, other)) }}
{%- endmacro %}

{% macro default__shared_characters(text, other) -%}
    len(list_intersect(string_split({{ text }}, ''), string_split({{ other }}, '')))
{%- endmacro %}

{% macro spark__shared_characters(text, other) -%}
    size(array_intersect(split({{ text }}, ''), split({{ other }}, '')))
{%- endmacro %}

{#- 1 for texts of the same characters, 0 for texts without a common one (Dice). -#}
{% macro similarity(text, other) -%}
    (
        cast(2.0 * {{ shared_characters(text, other) }} as double)
        / ({{ shared_characters(text, text) }} + {{ shared_characters(other, other) }})
    )
{%- endmacro %}

{#- Whether two texts have two neighbouring characters in common: a word, in most cases. -#}
{% macro shares_a_word(text, other) -%}
    {{ return(adapter.dispatch('shares_a_word', 'juesuan')(text, other)) }}
{%- endmacro %}

{% macro default__shares_a_word(text, other) -%}
    (
        len(list_filter(
            range(1, length({{ text }})), place -> contains({{ other }}, substring({{ text }}, place, 2))  -- noqa: PRS
        )) > 0
    )
{%- endmacro %}

{% macro spark__shares_a_word(text, other) -%}
    (
        length({{ text }}) > 1
        and exists(
            sequence(1, greatest(length({{ text }}) - 1, 1)),
            place -> instr({{ other }}, substring({{ text }}, place, 2)) > 0
        )
    )
{%- endmacro %}

{#- What a body is about, without the words for a body at its end: 自然资源和规划局 → 自然资源和规划. -#}
{% macro core_of_name(name) -%}
    {{ replace_all(
        replace_all(name, "（[^）]*）$", ""),
        "(管理|服务|工作)?(办公厅|办公室|委员会|办事处|常委会|中心|大队|总队|支队|厅|局|委|办|会|处|队|所|站|馆|校|院|署|部|团)$",
        ""
    ) }}
{%- endmacro %}
