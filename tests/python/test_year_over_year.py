"""What this year's prose says of last year, against last year's own document."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import duckdb

from ingest.home import Home

INCONSISTENT = """
    select department_key, fiscal_year, disclosure_kind, measure, sentence_status, table_status, prior_status
    from marts.fct_year_over_year
    where status = 'inconsistent'
"""
WANLI, CONGRESS, CONSULTATIVE = "上海市普陀区人民政府万里街道办事处", "江苏省人大常委会办公厅", "江苏省政协办公厅"
CITY = "云岭省澜溪市"


def test_what_real_budgets_and_accounts_say_of_the_year_before(corpus_home: Home) -> None:
    """Each looked up on its page: the publisher's mistake, every one."""
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        found = set(connection.execute(INCONSISTENT).fetchall())
    assert found == {
        # Page 6: from 11.67 to 45.41 is 289.12 percent, not 314.82.
        (WANLI, 2023, "budget", "expenditure_by_function/2012902", "inconsistent", "consistent", "not_evaluated"),
        # Page 7: 441.25 and 60.54 percent are those of the line above; the form prints 220.63.
        (WANLI, 2023, "budget", "expenditure_by_function/2080506", "inconsistent", "inconsistent", "not_evaluated"),
        # Page 9: 352.67 is the budget of the year before; the line itself and the form say 350.35.
        (WANLI, 2024, "budget", "expenditure_by_function/2210201", "inconsistent", "inconsistent", "not_evaluated"),
        # Page 21: 0.3 stands for 2961.68.
        ("上海市普陀区财政局", 2024, "final_account", "appropriation_total", "not_evaluated", "inconsistent", "not_evaluated"),
        # Page 21: 1557.29 on 128.43 is 1212.56 percent, not 1312.56; the document of 2017 has the 128.43.
        (CONGRESS, 2018, "budget", "contingency_reserve", "inconsistent", "consistent", "consistent"),
        # Page 15: 2233.13 of 3348.98 is 66.68 percent, not 66.69.
        (CONSULTATIVE, 2018, "budget", "agency_operating_expenses", "inconsistent", "consistent", "consistent"),
    }


def test_stated_changes_are_confronted_with_the_document_of_the_year_before(corpus_home: Home) -> None:
    """江苏省人大常委会办公厅 2018: 15897.44, 2248.37 more than in 2017, whose own budget prints 13649.07."""
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        row = connection.execute(
            """
            select amount, stated_change, stated_prior_amount, prior_amount, sentence_status, table_status, prior_status
            from marts.fct_year_over_year
            where department_key = ? and fiscal_year = 2018 and disclosure_kind = 'budget'
                and measure = 'income_expenditure_total'
            """,
            [CONGRESS],
        ).fetchone()
        confronted = dict(
            connection.execute(
                """
                select department_key || ' ' || fiscal_year, count(*) from marts.fct_year_over_year
                where prior_status = 'consistent' group by all
                """
            ).fetchall()
        )
    prior = Decimal("136490700.00")
    assert row == (Decimal("158974400.00"), Decimal("22483700.00"), prior, prior, "consistent", "consistent", "consistent")
    # Every year whose year before is loaded is confronted, with a good number of its figures.
    for department, years in ((CONGRESS, (2018, 2019)), (CONSULTATIVE, (2018, 2019)), (WANLI, (2024,))):
        for year in years:
            assert confronted.get(f"{department} {year}", 0) >= 5, (department, year, confronted)


def test_the_mistakes_about_years_planted_in_the_samples_are_found_and_no_other(
    sample_warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert set(sample_warehouse.execute(INCONSISTENT).fetchall()) == {
        (
            f"{CITY}不动产登记中心",
            2023,
            "final_account",
            "general_public_budget_expenditure",
            "consistent",
            "consistent",
            "inconsistent",
        ),
        (f"{CITY}审计局", 2022, "budget", "project", "inconsistent", "consistent", "consistent"),
        (f"{CITY}统计局", 2022, "final_account", "agency_operating_expenses", "consistent", "not_evaluated", "inconsistent"),
        (f"{CITY}财政局", 2022, "final_account", "appropriation_total", "not_evaluated", "consistent", "inconsistent"),
    }


def test_no_rate_is_computed_on_a_base_of_zero(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    divided = sample_warehouse.execute(
        "select count(*) from marts.fct_year_over_year where prior_amount = 0 and change_percent is not null"
    ).fetchone()
    assert divided == (0,)
