"""The metrics, against figures that the samples print; their definitions are dbt's, their values are in fct_metric."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any

import duckdb
import pytest
import yaml

from ingest.home import Home
from reporting.figures import MEASURES

BUREAU = "云岭省澜溪市自然资源和规划局"


@pytest.fixture(scope="module")
def warehouse(sample_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect(sample_home.warehouse, read_only=True)) as connection:
        yield connection


def metric(warehouse: duckdb.DuckDBPyConnection, name: str, department: str, year: int, **also: str) -> tuple[Any, ...] | None:
    """Value, numerator, denominator and reason of a metric."""
    conditions = "".join(f" and {column} = ?" for column in also)
    return warehouse.execute(
        "select value, numerator, denominator, reason from marts.fct_metric"
        f" where metric = ? and department_key = ? and fiscal_year = ?{conditions}",
        [name, department, year, *also.values()],
    ).fetchone()


def printed(warehouse: duckdb.DuckDBPyConnection, department: str, year: int, kind: str, column: str) -> Decimal:
    """The amount that the expenditure form prints for all functions."""
    row = warehouse.execute(
        "select amount from marts.fct_reported_amount where department_key = ? and fiscal_year = ? and disclosure_kind = ?"
        " and form_code = 'expenditure' and row_code is null and row_label = '合计' and column_code = ?",
        [department, year, kind, column],
    ).fetchone()
    assert row is not None
    return Decimal(row[0])


def test_amounts_are_those_that_the_form_prints(warehouse: duckdb.DuckDBPyConnection) -> None:
    for name, column in (("total_expenditure", "total"), ("basic_expenditure", "basic"), ("project_expenditure", "project")):
        found = metric(warehouse, name, BUREAU, 2019, disclosure_kind="final_account")
        assert found == (printed(warehouse, BUREAU, 2019, "final_account", column), None, None, None), name


def test_an_execution_rate_is_the_final_account_over_the_budget_of_the_same_year(warehouse: duckdb.DuckDBPyConnection) -> None:
    final, budget = Decimal("53189900.00"), Decimal("53899800.00")  # 本年支出合计 of the one, 支出合计 of the other
    assert metric(warehouse, "execution_rate", BUREAU, 2019) == (Decimal("98.682926"), final, budget, None)


def test_a_ratio_without_one_side_says_which(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = metric(warehouse, "execution_rate", BUREAU, 2017)
    assert found is not None and found[0] is None and found[1] is not None and found[2] is None
    assert found[3] == "total_expenditure with disclosure_kind = budget is not known"
    # Its prose counts civil servants and workers apart: how many are in office is not stated.
    found = metric(warehouse, "three_public_per_head", "云岭省澜溪市审计局", 2022, disclosure_kind="final_account")
    assert found is not None and (found[0], found[3]) == (None, "staff is not known")


def test_shares_of_the_classes_add_up_to_the_whole_where_the_form_does(warehouse: duckdb.DuckDBPyConnection) -> None:
    sums = warehouse.execute(
        "select sum(value) from marts.fct_metric where metric = 'class_share' and disclosure_kind = 'final_account'"
        " and department_key = ? group by fiscal_year order by fiscal_year",
        [BUREAU],
    ).fetchall()
    assert len(sums) == 8
    assert all(abs(total - 100) < Decimal("0.01") for (total,) in sums)


def test_a_figure_per_head_takes_the_staff_that_the_prose_states(warehouse: duckdb.DuckDBPyConnection) -> None:
    stated = warehouse.execute(
        "select staff_count, subject from marts.fct_stated_staff where department_key = ? and fiscal_year = 2019", [BUREAU]
    ).fetchall()
    assert stated == [(136, "年末在职人员")]
    found = metric(warehouse, "three_public_per_head", BUREAU, 2019, disclosure_kind="final_account")
    expenses = metric(warehouse, "three_public_expenses", BUREAU, 2019, disclosure_kind="final_account")
    assert found is not None and expenses is not None
    assert found[1:3] == (expenses[0], Decimal(136))
    assert abs(found[0] * 136 - expenses[0]) < Decimal("0.001")


@pytest.mark.parametrize(
    ("subject", "counts"),
    [
        ("年末实有人数", True),
        ("年末实有在职人员", True),
        ("实有人员", True),
        ("在编在职人员", True),
        ("现有人员", True),
        ("实有公务员", False),
        ("核定编制", False),
        ("离退休人员", False),
        ("年末退休人员", False),
        ("人员", False),
        ("出国（境）", False),
    ],
)
def test_who_is_counted_as_staff(warehouse: duckdb.DuckDBPyConnection, root: Any, subject: str, counts: bool) -> None:
    macros = (root / "macros" / "metrics.sql").read_text(encoding="utf-8")
    pattern = macros.partition("macro staff_in_office() -%}")[2].partition("{%- endmacro")[0].strip()
    row = warehouse.execute("select regexp_matches(?, ?)", [subject, pattern]).fetchone()
    assert row == (counts,)


def test_growth_is_that_of_the_two_disclosures(warehouse: duckdb.DuckDBPyConnection) -> None:
    before, after = (printed(warehouse, BUREAU, year, "final_account", "total") for year in (2018, 2019))
    found = metric(warehouse, "expenditure_growth", BUREAU, 2019, disclosure_kind="final_account")
    assert found is not None and abs(found[0] - 100 * (after - before) / before) < Decimal("0.0001")


def test_the_sources_that_notebooks_show_are_those_of_the_definition(root: Any) -> None:
    """Which figure of fct_year_over_year a metric is made of is defined in dbt; what the notebooks list as sources follows it."""
    path = root / "models" / "marts" / "metrics" / "_marts__metrics__semantic.yml"
    defined = {metric["name"]: metric for metric in yaml.safe_load(path.read_text(encoding="utf-8"))["metrics"]}

    def measures(name: str) -> list[str]:
        parameters = defined[name]["type_params"]
        if defined[name]["type"] == "ratio":
            inputs = [parameters[side] for side in ("numerator", "denominator")]
            return [found for each in inputs for found in measures(each if isinstance(each, str) else each["name"])]
        return re.findall(r"figure__measure'\) }} = '(\w+)'", defined[name].get("filter", ""))

    assert {name: tuple(dict.fromkeys(measures(name))) for name in MEASURES} == MEASURES


def test_every_amount_leads_to_its_page(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.execute(
        "select count(*) from marts.fct_metric"
        " where unit = 'yuan' and value is not null and (document_id is null or source_page is null)"
    ).fetchone() == (0,)
