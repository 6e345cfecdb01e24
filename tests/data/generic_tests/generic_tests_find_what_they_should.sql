-- noqa: disable=layout.indent
-- Each of our generic tests on a small table, just inside and just outside: of how many rows must it complain?
{%- set periods %}
(
    select *
    from (
        values
        ('a', null, 2018), ('a', 2019, null),
        ('b', 2017, 2018), ('b', 2018, 2019),
        ('c', 2020, 2019),
        ('d', null, null), ('d', null, null)
    ) as rows_of_it (k, first_year, last_year)
)
{%- endset %}
{%- set codes %}
(
    select *
    from (
        values
        ('201', 'class', null), ('20101', 'section', '201'),
        ('2010101', 'item', '201'), ('2010102', 'section', '20101'), ('30501', 'section', '305')
    ) as rows_of_it (code, level, parent_code)
)
{%- endset %}
{%- set figures = '(select * from (values (0.99), (1.00), (2.00), (2.01), (null)) as rows_of_it (figure))' %}
{%- set pairs = "(select * from (values ('a', 1), ('a', 2), ('b', null), ('b', null)) as rows_of_it (k, n))" %}
{%- set nothing = '(select * from (values (1)) as rows_of_it (n) where n > 1)' %}

with findings as (

    {% for name, expected, failures in [
        ('periods_do_not_overlap', 3, test_periods_do_not_overlap(periods, 'k', 'first_year', 'last_year')),
        ('level_follows_code', 2, test_level_follows_code(codes)),
        ('parent_is_listed', 1, test_parent_is_listed(codes)),
        ('matches_pattern', 2, test_matches_pattern(codes, 'code', '^([0-9]{3}|[0-9]{7})$')),
        ('within two bounds', 2, test_within(figures, 'figure', 1, 2)),
        ('within one bound', 1, test_within(figures, 'figure', at_least=1)),
        ('filled_share reached', 0, test_filled_share(figures, 'figure', 0.8)),
        ('filled_share missed', 1, test_filled_share(figures, 'figure', 0.81)),
        ('unique_combination', 1, test_unique_combination(pairs, ['k', 'n'])),
        ('has_rows with rows', 0, test_has_rows(pairs)),
        ('has_rows without', 1, test_has_rows(nothing)),
    ] -%}
    select
        '{{ name }}' as test_name,
        {{ expected }} as expected,
        count(*) as found
    from ({{ failures }}) as failures
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    test_name,
    expected,
    found
from findings
where found <> expected
