"""The analyses answer from real documents: each question with figures that these documents print."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.home import Home
from tests.python.analyses import compiled
from tests.python.conftest import ROOT, load_script

CONGRESS = {"department": "江苏省人大常委会办公厅", "disclosure_kind": "budget"}
STREET = {
    "department": "上海市普陀区人民政府万里街道办事处",
    "disclosure_kind": "budget",
    "earlier_year": 2023,
    "later_year": 2024,
}

APPROVAL = {"department": "晋城市行政审批服务管理局", "year": 2022}


@pytest.fixture
def warehouse(corpus_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse of the corpus, open for reading."""
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        yield connection


def answer(warehouse: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = warehouse.execute(sql)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def test_spending_by_class_over_three_budgets(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = answer(warehouse, compiled("spending_by_class_year_against_year", **CONGRESS))
    amounts = {(r["functional_code"], r["fiscal_year"]): (r["total_amount"], r["change"]) for r in rows}
    assert amounts == {
        ("201", 2017): (Decimal("105283300.00"), None),
        ("201", 2018): (Decimal("127062800.00"), Decimal("21779500.00")),
        ("201", 2019): (Decimal("139077800.00"), Decimal("12015000.00")),
        ("208", 2017): (Decimal("16085100.00"), None),
        ("208", 2018): (Decimal("10687800.00"), Decimal("-5397300.00")),
        ("208", 2019): (Decimal("11213900.00"), Decimal("526100.00")),
        ("221", 2017): (Decimal("15122300.00"), None),
        ("221", 2018): (Decimal("21223800.00"), Decimal("6101500.00")),
        ("221", 2019): (Decimal("33012000.00"), Decimal("11788200.00")),
    }
    # The prose of 2019 says 财政拨款预算支出18330.37万元; its file is not that of the tables.
    assert sum(r["total_amount"] for r in rows if r["fiscal_year"] == 2019) == Decimal("183303700.00")
    assert {r["form_code"] for r in rows} == {"appropriation_expenditure"}


def test_two_budgets_side_by_side(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = answer(warehouse, compiled("two_years_side_by_side", **STREET))
    found = {(r["part"], r["code"]): (r["earlier_amount"], r["later_amount"], r["change_percent"]) for r in rows}
    assert found["total", "expenditure"] == (Decimal("164978640.00"), Decimal("156211123.00"), -5.31)
    assert found["total", "income"] == found["total", "expenditure"]
    assert found["class", "208"] == (Decimal("27073236.00"), Decimal("19604064.00"), -27.59)
    assert found["class", "205"] == (None, Decimal("250000.00"), None)
    assert found["item", "2080206"] == (Decimal("215000.00"), None, None)
    assert found["item", "2040607"] == (Decimal("150000.00"), Decimal("300000.00"), 100.0)
    assert found["three_public", "total"] == (Decimal("229100.00"), Decimal("479100.00"), 109.12)
    assert found["three_public", "overseas_travel"] == (Decimal("0.00"), Decimal("0.00"), None)
    for year in ("earlier_amount", "later_amount"):
        total = next(r[year] for r in rows if (r["part"], r["code"]) == ("total", "expenditure"))
        for part in ("class", "item"):
            assert sum(r[year] or 0 for r in rows if r["part"] == part) == total


def test_what_2022_says_of_2021(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = answer(warehouse, compiled("what_prose_says_of_the_year_before", **APPROVAL))
    implied = {r["subject"]: (r["amount"], r["stated_change"], r["implied_prior_amount"]) for r in rows}
    assert implied["收入总计"] == (Decimal("29169704.02"), Decimal("-19149764.47"), Decimal("48319468.49"))
    assert implied["公务接待费支出"] == (Decimal("5060.00"), Decimal("-18140.00"), Decimal("23200.00"))
    assert implied["机关运行经费支出"] == (Decimal("1775577.28"), Decimal("435777.28"), Decimal("1339800.00"))
    assert implied["公务用车购置费支出"] == (Decimal("0.00"), None, Decimal("0.00"))
    # Each sentence with a percentage is right in itself: change over the implied amount is what it states.
    assert [
        r["subject"] for r in rows if r["stated_percent"] is not None and float(r["stated_percent"]) != r["percent_of_it"]
    ] == []


def test_what_a_budget_in_wan_yuan_says_of_the_year_before(warehouse: duckdb.DuckDBPyConnection) -> None:
    """The sentence is in one file, the forms are in another: 2019 prints 18330.37万元, 2018 printed 15897.44万元."""
    rows = answer(warehouse, compiled("what_prose_says_of_the_year_before", **CONGRESS, year=2019))
    stated = next(r for r in rows if r["subject"] == "财政拨款支出")
    assert (stated["amount"], stated["implied_prior_amount"]) == (Decimal("183303700.00"), Decimal("158974400.00"))


def test_dbt_compiles_the_analyses_with_their_variables(corpus_home: Home, tmp_path: Path) -> None:
    variables = "{" + ", ".join(f"{name}: {value}" for name, value in STREET.items()) + "}"
    environment = os.environ | {
        "JUESUAN_WAREHOUSE": str(tmp_path / "warehouse.duckdb"),
        "JUESUAN_STAGING": str(corpus_home.staging),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    command = [Path(sys.executable).with_name("dbt"), "--quiet", "compile", "--select", "path:analyses", "--vars", variables]
    done = subprocess.run(
        [*command, "--target-path", tmp_path / "target", "--log-path", tmp_path / "logs"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    by_dbt = {
        path.stem: path.read_text("utf8") for path in (tmp_path / "target" / "compiled" / "juesuan" / "analyses").glob("*.sql")
    }
    assert by_dbt.keys() == {path.stem for path in (ROOT / "analyses").glob("*.sql")}
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        for name, sql in by_dbt.items():
            assert answer(connection, sql) == answer(connection, compiled(name, **STREET)), name


def test_classes_far_from_their_budget(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    """自然资源和规划局 2023: 210 was budgeted with 167.27 万元 and came to 1,475,872.93 元."""
    rows = answer(sample_warehouse, compiled("budget_beside_outcome"))
    assert tuple(rows[0].values()) == (
        "云岭省澜溪市自然资源和规划局",
        2023,
        "210",
        "卫生健康支出",
        Decimal("1672700.00"),
        Decimal("1475872.93"),
        Decimal("-196827.07"),
        88.2,
    )
    assert min(max(r["budget_amount"] or 0, r["final_amount"] or 0) for r in rows) >= 1_000_000
    smaller = answer(sample_warehouse, compiled("budget_beside_outcome", least_amount=0, department="云岭省澜溪市财政局"))
    assert {r["department_key"] for r in smaller} == {"云岭省澜溪市财政局"}
    assert min(max(r["budget_amount"] or 0, r["final_amount"] or 0) for r in smaller) < 1_000_000


def test_largest_items_count_nothing_twice(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = answer(sample_warehouse, compiled("largest_items_of_the_latest_account"))
    of_putuo = [r for r in rows if r["department_name"] == "上海市普陀区财政局"]
    assert [(r["functional_code"], r["total_amount"]) for r in of_putuo] == [
        ("2010601", Decimal("15118900.00")),
        ("2010608", Decimal("4495200.00")),
        ("2210203", Decimal("2585000.00")),
    ]
    # Shares of 2941.53 万元, which the form prints as 合计.
    total = sample_warehouse.execute(
        "select amount from marts.fct_reported_amount where department_key = '上海市普陀区财政局' and form_code = 'expenditure'"
        " and row_code is null and column_code = 'total'"
    ).fetchone()
    assert total is not None
    assert [r["share_percent"] for r in of_putuo] == [round(float(100 * r["total_amount"] / total[0]), 1) for r in of_putuo]


def test_what_was_spent_in_a_year_stands_before_what_includes_balances(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = answer(sample_warehouse, compiled("two_years_side_by_side"))
    assert [(r["part"], r["code"]) for r in rows[:2]] == [("year_total", "expenditure"), ("year_total", "income")]
    assert (rows[0]["earlier_amount"], rows[0]["later_amount"]) == (Decimal("53189900.00"), Decimal("59748800.00"))


def test_who_spends_most_and_how_much_a_head(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    """旅游发展委员会 2017 states 22 people in office and prints 52,702.69 元."""
    rows = answer(sample_warehouse, compiled("who_spends_most_on_official_reception"))
    assert (rows[0]["department_name"], rows[0]["final_amount"]) == ("云岭省澜溪市旅游发展委员会", Decimal("52702.69"))
    assert rows[0]["amount_per_head"] == Decimal("2395.58")
    of_one = compiled("who_spends_most_on_official_reception", department="晋城市行政审批服务管理局")
    assert [(r["fiscal_year"], r["final_amount"]) for r in answer(sample_warehouse, of_one)] == [(2022, Decimal("5060.00"))]


def test_metrics_of_a_department(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = answer(sample_warehouse, compiled("metrics_over_the_years"))
    assert [r["fiscal_year"] for r in rows] == list(range(2017, 2025))
    assert rows[2]["execution_percent"] == Decimal("98.68")
    assert rows[0]["growth_percent"] is None


def test_a_variable_stays_within_its_quotes(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = answer(sample_warehouse, compiled("metrics_over_the_years", department="' or 1=1 or '"))
    assert rows == []


def test_the_page_of_questions_is_what_the_samples_answer(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    script = load_script(ROOT / "docs" / "questions.py")
    written = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    assert written == script.render(sample_warehouse, ROOT), "run 'python docs/questions.py warehouse/current/warehouse.duckdb'"
