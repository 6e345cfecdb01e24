"""Accounting identities: planted mistakes are found, real documents add up, and what cannot be checked says why."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home

# Of the identities that apply to the disclosures of the corpus this share is evaluated, at least.
FLOOR = 0.98


@pytest.fixture(scope="module")
def corpus_warehouse(corpus_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse of the corpus, open for reading."""
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        yield connection


def test_planted_mistakes_are_inconsistent_and_nothing_else(root: Path, sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    """Another form that the wrong one contradicts is named as well; it is of the same file."""
    with (root / "samples" / "expected" / "planted_mistakes.csv").open(encoding="utf-8", newline="") as handle:
        kinds = ("arithmetic", "wrong_grade")
        planted = {(row["file_name"], row["form_code"]) for row in csv.DictReader(handle) if row["kind"] in kinds}
    found = set(
        sample_warehouse.execute(
            "select distinct d.file_name, b.form_code from marts.fct_identity_check as c"
            " inner join marts.bridge_identity_term as b on c.check_key = b.check_key"
            " inner join marts.dim_document as d on b.document_id = d.document_id where c.status = 'inconsistent'"
        ).fetchall()
    )
    assert planted <= found
    assert {file_name for file_name, _ in found} == {file_name for file_name, _ in planted}


def test_all_families_are_evaluated(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    evaluated = dict(
        sample_warehouse.execute(
            "select family, count(*) from marts.fct_identity_check where status = 'consistent' group by family"
        ).fetchall()
    )
    assert set(evaluated) == {"within_form", "across_forms", "across_documents"}


def test_the_unit_of_a_cent_is_a_last_digit(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    """64558473.13 where the classes come to 64558473.12."""
    severities = sample_warehouse.execute(
        "select distinct severity from marts.fct_identity_check where status = 'inconsistent' and reported = 64558473.13"
    ).fetchall()
    assert severities == [("last_digit",)]


def test_real_disclosures_add_up_within_rounding(corpus_warehouse: duckdb.DuckDBPyConnection) -> None:
    """Twelve sums of the accounts of 普陀区财政局 are off by a last digit or two, none by more than rounding allows."""
    reasons = corpus_warehouse.execute("select reason from marts.fct_identity_check where status = 'inconsistent'").fetchall()
    assert reasons == []
    gap = corpus_warehouse.execute(
        "select reported, expected, status from marts.fct_identity_check"
        " where disclosure_key like '上海市普陀区财政局/2024/%' and form_code = 'general_budget_economic'"
        " and check_id = 'children' and row_code = '302'"
    ).fetchall()
    assert [(str(reported), str(expected), status) for reported, expected, status in gap] == [
        ("1710700.00", "1710900.00", "consistent")
    ]


def test_nearly_all_that_applies_is_evaluated(corpus_warehouse: duckdb.DuckDBPyConnection) -> None:
    row = corpus_warehouse.execute(
        "select count(*) filter (status <> 'not_evaluated') / count(*) from marts.fct_identity_check"
    ).fetchone()
    assert row is not None
    assert row[0] >= FLOOR


def test_a_lost_form_is_a_reason_and_no_pass(corpus_warehouse: duckdb.DuckDBPyConnection) -> None:
    """公开02表 and 公开03表 of 晋城 are listed and lost."""
    reasons = corpus_warehouse.execute(
        "select check_id, reason from marts.fct_identity_check"
        " where disclosure_key like '晋城市行政审批服务管理局/2022/%' and status = 'not_evaluated'"
    ).fetchall()
    assert ("summary_income_total", "the form income is listed but not in the disclosure") in reasons
    assert ("summary_expenditure_total", "the form expenditure is listed but not in the disclosure") in reasons


def test_real_grades_stand_for_their_scores(corpus_warehouse: duckdb.DuckDBPyConnection) -> None:
    """晋城 grades twenty projects; three of them at the lower bound of 良."""
    found = corpus_warehouse.execute(
        "select expected_low, expected_high, min(reported), max(reported), count(*) from marts.fct_identity_check"
        " where check_id = 'project_grade' and status = 'consistent' group by all order by 1"
    ).fetchall()
    assert [tuple(map(str, row[:4])) + row[4:] for row in found] == [
        ("60.000000", "80.000000", "69.00", "79.30", 6),
        ("80.000000", "90.000000", "80.00", "89.00", 9),
        ("90.000000", "100.000000", "95.00", "96.00", 5),
    ]
    others = corpus_warehouse.execute(
        "select count(*) from marts.fct_identity_check where check_id = 'project_grade' and status <> 'consistent'"
    ).fetchone()
    assert others == (0,)


def test_a_planted_grade_is_not_that_of_its_score(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    """89.6 points are 良; the report prints 优. 88.5 with 良 and 97 with 优 beside it are right."""
    found = sample_warehouse.execute(
        "select reported, expected_low, expected_high, difference, status, severity from marts.fct_identity_check"
        " where check_id = 'project_grade' and disclosure_key like '云岭省澜溪市畜牧兽医局/2023/%' order by reported"
    ).fetchall()
    assert [(*map(str, row[:4]), *row[4:]) for row in found] == [
        ("88.50", "80.000000", "90.000000", "0.00", "consistent", None),
        ("89.60", "90.000000", "100.000000", "-0.40", "inconsistent", "material"),
        ("97.00", "90.000000", "100.000000", "0.00", "consistent", None),
    ]
    ((text,),) = sample_warehouse.execute(
        "select grade_text from marts.fct_project_evaluation where total_score = 88.5 and grade = '良'"
    ).fetchall()
    assert text == "优□良√中□差□"


def test_a_department_is_the_sum_of_its_own_level_and_its_units(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    """1754.02 万元 beside two accounts in 元 and one in 万元: 73.76 元 are less than both roundings, 50 元 each."""
    checks = sample_warehouse.execute(
        "select check_key, reported, expected, difference, tolerance, term_count, status from marts.fct_identity_check"
        " where check_id = 'department_is_sum_of_units' and status <> 'not_evaluated'"
    ).fetchall()
    ((key, *figures),) = checks
    assert [str(figure) for figure in figures] == ["17540200.00", "17540273.76", "-73.76", "100.000000", "3", "consistent"]
    parts = sample_warehouse.execute(
        "select b.disclosure_key, b.amount, b.half_unit from marts.bridge_identity_term as b"
        " where b.check_key = ? and b.role = 'expected' order by b.disclosure_key",
        [key],
    ).fetchall()
    assert [(name.split("/")[0], str(amount), str(half)) for name, amount, half in parts] == [
        ("云岭省澜溪市动物疫病预防控制中心", "6540196.00", "0.000000"),
        ("云岭省澜溪市畜牧兽医局（本级）", "7651077.76", "0.000000"),
        ("云岭省澜溪市畜牧技术推广站", "3349000.00", "50.000000"),
    ]


@pytest.mark.parametrize(
    ("disclosure", "reason"),
    [
        (
            "云岭省澜溪市畜牧兽医局/2022/final_account/department",
            "of its own level and its units these are not loaded for the year: 云岭省澜溪市畜牧技术推广站",
        ),
        (
            "云岭省澜溪市自然资源和规划局/2022/final_account/department",
            "of its own level and its units these are not loaded for the year: 云岭省澜溪市自然资源和规划局（本级）",
        ),
        ("云岭省澜溪市审计局/2022/final_account/department", "no unit of the department is known for the year"),
    ],
)
def test_a_department_without_all_its_units_is_not_evaluated(
    disclosure: str, reason: str, sample_warehouse: duckdb.DuckDBPyConnection
) -> None:
    found = sample_warehouse.execute(
        "select status, reason from marts.fct_identity_check"
        " where check_id = 'department_is_sum_of_units' and disclosure_key = ?",
        [disclosure],
    ).fetchall()
    assert found == [("not_evaluated", reason)]


def test_three_public_expenses_are_their_economic_sections(corpus_warehouse: duckdb.DuckDBPyConnection) -> None:
    """The account of 晋城 prints all expenditure by economic class; the Shanghai accounts print basic expenditure alone."""
    compared = corpus_warehouse.execute(
        "select distinct split_part(disclosure_key, '/', 1), column_code, reported, status from marts.fct_identity_check"
        " where check_id = 'three_public_by_economic_class' order by column_code"
    ).fetchall()
    assert [(name, column, str(reported), status) for name, column, reported, status in compared] == [
        ("晋城市行政审批服务管理局", "official_reception", "5060.00", "consistent"),
        ("晋城市行政审批服务管理局", "vehicle_operation", "66860.57", "consistent"),
    ]
