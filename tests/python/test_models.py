"""The published warehouse of the samples: its figures, its public shape, and what stands beside the models."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.home import Home
from tests.python.analyses import compiled
from tests.python.conftest import load_script

Connection = duckdb.DuckDBPyConnection
SAMPLES = Path("samples") / "expected"
UNITS = {"元": Decimal(1), "万元": Decimal(10_000)}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def manifest(sample_home: Home) -> dict[str, Any]:
    """What dbt knew of the project when it built the samples."""
    content: dict[str, Any] = json.loads((sample_home.current / "target" / "manifest.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def one(connection: Connection, sql: str, *parameters: object) -> tuple[Any, ...]:
    rows = connection.execute(sql, parameters).fetchall()
    assert len(rows) == 1, rows
    row: tuple[Any, ...] = rows[0]
    return row


# Figures, as they are printed in the published disclosures.


def test_expenditure_of_a_section_in_yuan(sample_warehouse: Connection) -> None:
    figures = one(
        sample_warehouse,
        "select total_amount, basic_amount, project_amount, remittance_to_superior_amount, level, is_leaf, parent_code"
        " from marts.fct_expenditure_by_function"
        " where department_key = '上海市普陀区财政局' and fiscal_year = 2024"
        " and form_code = 'expenditure' and functional_code = '201'",
    )
    assert figures == (Decimal("21066600.00"), Decimal("15035200.00"), Decimal("6031400.00"), None, "class", False, None)


def test_printed_zero_is_zero_and_blank_is_null(sample_warehouse: Connection) -> None:
    sql = (
        "select amount from marts.fct_three_public_expenses"
        " where department_key = ? and fiscal_year = 2024 and phase = 'final' and measure = 'overseas_travel'"
    )
    assert one(sample_warehouse, sql, "上海市普陀区规划和自然资源局") == (Decimal("0.00"),)
    assert sample_warehouse.execute(sql, ["上海市普陀区财政局"]).fetchall() == []


def test_fund_name_after_the_opening_balance_is_part_of_it(sample_warehouse: Connection) -> None:
    lines = sample_warehouse.execute(
        "select line_code, role, total_amount from marts.fct_income_expenditure_summary"
        " where department_key = '上海市普陀区财政局' and form_code = 'appropriation_summary' and side = 'income'"
        " order by line_number"
    ).fetchall()
    assert lines == [
        ("general_public_budget", "part", Decimal("29400500.00")),
        ("year_total", "year_total", Decimal("29400500.00")),
        ("opening_balance", "balance", Decimal("216300.00")),
        ("balance_general_public_budget", "part_of_balance", Decimal("216300.00")),
        ("grand_total", "grand_total", Decimal("29616800.00")),
    ]


def test_counts_stay_as_printed(sample_warehouse: Connection) -> None:
    amount = one(
        sample_warehouse,
        "select amount from marts.fct_supplementary_information"
        " where department_key = '晋城市行政审批服务管理局' and line_code = 'vehicles_total'",
    )
    assert amount == (Decimal("1.00"),)


@pytest.mark.parametrize("sample", rows_of(SAMPLES / "disclosures.csv"), ids=lambda sample: str(sample["file_name"]))
def test_amounts_of_each_sample_in_yuan(sample_warehouse: Connection, sample: dict[str, str]) -> None:
    """No amount lost, none invented, units multiplied out. Forms that mix money and counts are left to the parser's tests."""
    mixed = ("supplementary_information", "state_assets")
    expected = sorted(
        (row["form_code"], row["column_code"], Decimal(row["amount"]) * UNITS[row["unit"]])
        for row in rows_of(SAMPLES / f"{sample['file_name']}.csv")
        if row["amount"] and row["form_code"] not in mixed
    )
    actual = sample_warehouse.execute(
        "select form_code, column_code, amount from marts.fct_reported_amount as a"
        " inner join marts.dim_document as d on a.document_id = d.document_id"
        " where file_name = ? and not list_contains(?, form_code)",
        [sample["file_name"], list(mixed)],
    ).fetchall()
    assert sorted(actual) == expected


# What the forms' own sums say.


def test_exactly_the_planted_mistakes_do_not_add_up(sample_warehouse: Connection) -> None:
    planted = {
        (row["file_name"], row["form_code"]) for row in rows_of(SAMPLES / "planted_mistakes.csv") if row["kind"] == "arithmetic"
    }
    found = sample_warehouse.execute(
        "select distinct file_name, form_code from marts.rpt_form_reconciliation as r"
        " inner join marts.dim_document as d on r.document_id = d.document_id where status = 'inconsistent'"
    ).fetchall()
    assert set(found) == planted


def test_finding_names_both_figures_and_the_page(sample_warehouse: Connection) -> None:
    reasons = sample_warehouse.execute(
        "select reason from marts.rpt_form_reconciliation where status = 'inconsistent' and form_code = 'expenditure'"
    ).fetchall()
    assert (
        "合计 (total, page 7) prints 64558473.13; its parts (5 printed) add up to 64558473.12:"
        " difference 0.01, rounding allows 0.00",
    ) in reasons


def test_corpus_adds_up_within_rounding(corpus_home: Home) -> None:
    """Eighteen and twenty-nine sums of the Shanghai accounts are off in their last digit; none of them is a publisher's error."""
    with duckdb.connect(corpus_home.warehouse, read_only=True) as connection:
        wrong = connection.execute(
            "select reason from marts.rpt_form_reconciliation"
            " where status = 'inconsistent' and disclosure_key like '%/final_account/%'"
        ).fetchall()
        off = one(
            connection,
            "select printed, summed, status from marts.rpt_form_reconciliation"
            " where disclosure_key like '上海市普陀区财政局/2024/%' and form_code = 'general_budget_economic'"
            " and check_name = 'children' and row_code = '302'",
        )
    assert wrong == []
    assert off == (Decimal("1710700.00"), Decimal("1710900.00"), "consistent")


# Departments and classifications through the years.


def test_renamed_department_keeps_its_key(sample_warehouse: Connection) -> None:
    names = sample_warehouse.execute(
        "select department_name, first_year, last_year from marts.dim_department_name"
        " where department_key = '云岭省澜溪市自然资源和规划局' order by first_year"
    ).fetchall()
    assert names == [("云岭省澜溪市国土资源局", 2017, 2018), ("云岭省澜溪市自然资源和规划局", 2019, 2024)]


def test_merged_departments_name_their_successor(sample_warehouse: Connection) -> None:
    merged = sample_warehouse.execute(
        "select department_key, last_year from marts.dim_department"
        " where successor_department_key = '云岭省澜溪市文化和旅游局' order by 1"
    ).fetchall()
    assert merged == [("云岭省澜溪市文化广电新闻出版局", 2018), ("云岭省澜溪市旅游发展委员会", 2018)]


def test_year_decides_the_name_of_a_class(sample_warehouse: Connection) -> None:
    names = sample_warehouse.execute(
        "select fiscal_year, canonical_name from marts.fct_expenditure_by_function"
        " where department_key = '云岭省澜溪市自然资源和规划局' and form_code = 'expenditure' and functional_code = '210'"
        " and fiscal_year in (2018, 2019) order by 1"
    ).fetchall()
    assert names == [(2018, "医疗卫生与计划生育支出"), (2019, "卫生健康支出")]


def test_every_alias_is_used(sample_warehouse: Connection, root: Path) -> None:
    """A row of the alias seed that no bundled sample bears out belongs to a real department, and says where it is known from."""
    used = {row[0] for row in sample_warehouse.execute("select department_name from marts.dim_department_name").fetchall()}
    for row in rows_of(root / "seeds" / "department_alias.csv"):
        if row["source"].startswith("samples/"):
            assert row["department_name"] in used, row
            assert (root / row["source"]).is_file(), row


def test_unknown_codes_are_printed_ready_to_paste(sample_warehouse: Connection, root: Path) -> None:
    for classification, paste in sample_warehouse.execute("select classification, paste from marts.rpt_observed_code").fetchall():
        header = (root / "seeds" / f"{classification}_classification.csv").read_text(encoding="utf-8").splitlines()[0]
        assert len(next(csv.reader([paste]))) == len(header.split(","))


# The public shape.


def test_layers_have_their_names(models: list[dict[str, Any]]) -> None:
    prefixes = {"staging": ("stg_",), "intermediate": ("int_",), "marts": ("dim_", "fct_", "bridge_", "rpt_")}
    for model in models:
        layer = Path(model["path"]).parts[0]
        assert model["name"].startswith(prefixes[layer]), model["name"]
        assert model["schema"] == layer


def test_marts_are_tables_with_contracts(models: list[dict[str, Any]]) -> None:
    marts = [model for model in models if model["schema"] == "marts"]
    assert all(model["config"]["contract"]["enforced"] and model["config"]["materialized"] == "table" for model in marts)
    untyped = [(m["name"], c["name"]) for m in marts for c in m["columns"].values() if not c["data_type"]]
    assert untyped == []


def test_every_model_tells_its_grain_and_every_column_its_meaning(
    models: list[dict[str, Any]], sample_warehouse: Connection
) -> None:
    for model in models:
        assert model["description"].startswith("One row "), model["name"]
        described = {name for name, column in model["columns"].items() if column["description"]}
        there = {
            row[0]
            for row in sample_warehouse.execute(
                "select column_name from information_schema.columns where table_schema = ? and table_name = ?",
                [model["schema"], model["name"]],
            ).fetchall()
        }
        assert there and described == there, model["name"]


def test_staging_models_read_sources_and_nothing_else_does(models: list[dict[str, Any]]) -> None:
    for model in models:
        sources = [node for node in model["depends_on"]["nodes"] if node.startswith("source.")]
        assert len(sources) == (1 if model["schema"] == "staging" else 0), model["name"]


def test_later_tables_exist_without_rows(sample_warehouse: Connection) -> None:
    columns = {
        "fct_narrative_claim": {"claim_kind", "value", "delta", "percent", "sentence", "status"},
        "fct_identity_check": {"check_id", "reported", "expected", "tolerance", "status", "severity"},
        "bridge_identity_term": {"check_id", "term_sign", "amount"},
        "fct_year_over_year": {"prior_amount", "stated_prior_amount", "stated_percent", "status"},
        "fct_project_evaluation": {"project_name", "executed_amount", "total_score"},
        "fct_performance_indicator": {"indicator", "actual", "score"},
    }
    for table, expected in columns.items():
        described = sample_warehouse.execute(f"describe marts.{table}").fetchall()
        assert expected <= {row[0] for row in described}, table


def test_amounts_are_decimals_with_cents(sample_warehouse: Connection) -> None:
    types = sample_warehouse.execute(
        "select distinct data_type from information_schema.columns"
        " where table_schema = 'marts' and (column_name = 'amount' or column_name like '%\\_amount' escape '\\')"
    ).fetchall()
    assert types == [("DECIMAL(20,2)",)]


# What stands beside the models.


@pytest.mark.parametrize("analysis", sorted(Path("analyses").glob("*.sql")), ids=lambda path: str(path.stem))
def test_analysis_answers_from_the_samples(sample_warehouse: Connection, analysis: Path) -> None:
    assert sample_warehouse.execute(compiled(analysis)).fetchall()


def test_data_dictionary_is_what_the_models_say(manifest: dict[str, Any], root: Path) -> None:
    script = load_script(root / "docs" / "data_dictionary.py")
    written = (root / "docs" / "data_dictionary.md").read_text(encoding="utf-8")
    assert written == script.render(manifest), "run 'dbt parse' and 'python docs/data_dictionary.py'"
