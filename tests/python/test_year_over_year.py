"""What this year's prose says of last year, against last year's own document."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import duckdb

from ingest.home import Home
from tests.python.test_corpus import rows

INCONSISTENT = """
    select department_key, fiscal_year, disclosure_kind, measure, sentence_status, table_status, prior_status
    from marts.fct_year_over_year
    where status = 'inconsistent'
"""
WANLI, CONGRESS, CONSULTATIVE = "上海市普陀区人民政府万里街道办事处", "江苏省人大常委会办公厅", "江苏省政协办公厅"
CITY = "云岭省澜溪市"
STATED = """
    select
        c.department_key, c.fiscal_year, c.source_page, c.subject, c.measure, n.value_text, n.delta_text, c.direction,
        n.percent_text, c.sentence_status, c.table_status, case when c.form_code is not null then c.amount end,
        case when c.form_code is not null then c.form_page end, c.prior_status, c.prior_amount, c.prior_form_page
    from marts.fct_stated_change as c
    inner join marts.fct_narrative_claim as n on c.document_id = n.document_id and c.claim_number = n.claim_number
    where c.department_key in (?, ?, ?) and c.disclosure_kind = 'budget'
"""


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
        # Page 26: 10528.33 is the whole section; the form prints 4545.94 for the item that the sentence names.
        (
            CONGRESS,
            2017,
            "budget",
            "appropriation_expenditure_by_function/2010101",
            "consistent",
            "inconsistent",
            "not_evaluated",
        ),
        # Page 21: 1557.29 on 128.43 is 1212.56 percent, not 1312.56; the document of 2017 has the 128.43.
        (CONGRESS, 2018, "budget", "contingency_reserve", "inconsistent", "consistent", "consistent"),
        # Page 15: 2233.13 of 3348.98 is 66.68 percent, not 66.69.
        (CONSULTATIVE, 2018, "budget", "agency_operating_expenses", "inconsistent", "consistent", "consistent"),
    }


def test_each_change_that_the_budgets_of_three_departments_state_has_its_three_answers(corpus_home: Home, root: Path) -> None:
    """Each read on its page, computed from what is printed there, and looked up in this year's forms and last year's document.

    Figures stand as printed. ``prior_figure`` is that of last year's own document, in a form or, where none does, in its text.
    """
    expected = Counter(
        (
            *(row["department"], int(row["fiscal_year"]), int(row["page"]), row["subject"], row["measure"]),
            *(row["value"], row["delta"], row["direction"], row["percent"], row["in_itself"], row["this_year"]),
            *(_yuan(row["form_figure"]), row["form_page"], row["year_before"], _yuan(row["prior_figure"]), row["prior_page"]),
        )
        for row in rows(root / "tests" / "expected_changes" / "stated_changes.csv")
    )
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        found = Counter(
            (
                *row[:3],
                _innermost(row[3]),
                *("" if figure is None else figure for figure in row[4:11]),
                row[11],
                _text(row[12]),
                *row[13:15],
                _text(row[15]),
            )
            for row in connection.execute(STATED, [WANLI, CONGRESS, CONSULTATIVE]).fetchall()
        )
    assert (found - expected, expected - found) == (Counter(), Counter())


def _innermost(subject: str) -> str:
    """The last of the names that a subject gives, and of that the end: 行政运行 of 人大事务（款）行政运行（项）支出."""
    name = re.sub("[“”]", "", subject)
    item = re.match(r".*?([^（）]*（境）[^（）]*|[^（）]*)（项）", name)
    return (item[1] if item else name)[-16:]


def _yuan(printed: str) -> Decimal | None:
    figure, _, unit = printed.partition(" ")
    return Decimal(figure.replace(",", "")) * {"元": 1, "万元": 10_000}[unit] if printed else None


def _text(page: int | None) -> str:
    return "" if page is None else str(page)


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
