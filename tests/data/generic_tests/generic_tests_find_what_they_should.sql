-- Each of our generic tests on a small table, just inside and just outside: how many rows must it complain about?
{%- set periods = "(select * from (values ('a', null, 2018), ('a', 2019, null), ('b', 2017, 2018), ('b', 2018, 2019), ('c', 2020, 2019), ('d', null, null), ('d', null, null)) as t (k, f, t))" %}
{%- set codes = "(select * from (values ('201', 'class', null), ('20101', 'section', '201'), ('2010101', 'item', '201'), ('2010102', 'section', '20101'), ('30501', 'section', '305')) as t (code, level, parent_code))" %}
{%- set figures = "(select * from (values (0.99), (1.00), (2.00), (2.01), (null)) as t (figure))" %}
{%- set pairs = "(select * from (values ('a', 1), ('a', 2), ('b', null), ('b', null)) as t (k, n))" %}
{%- set nothing = "(select * from (values (1)) as t (n) where false)" %}

with findings as (

    select 'periods_do_not_overlap' as test_name, 3 as expected, count(*) as found
    from ({{ test_periods_do_not_overlap(periods, 'k', 'f', 't') }}) as failures
    union all
    select 'level_follows_code', 2, count(*)
    from ({{ test_level_follows_code(codes) }}) as failures
    union all
    select 'parent_is_listed', 1, count(*)
    from ({{ test_parent_is_listed(codes) }}) as failures
    union all
    select 'matches_pattern', 2, count(*)
    from ({{ test_matches_pattern(codes, 'code', '^([0-9]{3}|[0-9]{7})$') }}) as failures
    union all
    select 'within both bounds', 2, count(*)
    from ({{ test_within(figures, 'figure', 1, 2) }}) as failures
    union all
    select 'within one bound', 1, count(*)
    from ({{ test_within(figures, 'figure', at_least=1) }}) as failures
    union all
    select 'filled_share met', 0, count(*)
    from ({{ test_filled_share(figures, 'figure', 0.8) }}) as failures
    union all
    select 'filled_share missed', 1, count(*)
    from ({{ test_filled_share(figures, 'figure', 0.81) }}) as failures
    union all
    select 'unique_combination', 1, count(*)
    from ({{ test_unique_combination(pairs, ['k', 'n']) }}) as failures
    union all
    select 'has_rows met', 0, count(*)
    from ({{ test_has_rows(pairs) }}) as failures
    union all
    select 'has_rows missed', 1, count(*)
    from ({{ test_has_rows(nothing) }}) as failures

)

select *
from findings
where found <> expected
