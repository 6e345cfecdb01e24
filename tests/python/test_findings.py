"""The list of findings and the verdict on each disclosure: what the samples plant is there once, by its cause, and no more."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest import findings as module
from ingest.cli import FINDING_FAMILIES, FINDING_FORMATS, FINDING_SEVERITIES, main
from ingest.findings import FORMATS, Coverage, Finding, number, render_markdown, render_text, where
from ingest.home import Home
from tests.python.test_corpus import rows

CITY = "云岭省澜溪市"


def planted(root: Path) -> list[dict[str, str]]:
    return [m for m in rows(root / "samples" / "expected" / "planted_mistakes.csv") if m["kind"] != "within_rounding"]


def test_each_planted_mistake_is_one_finding_and_there_is_no_other(
    root: Path, sample_warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A mistake within rounding is none. The two forms that the document of 晋城 lists and lacks its sample lacks as well."""
    found = sample_warehouse.execute(
        "select file_name, coalesce(source_page, 0), severity from marts.rpt_finding where department_key not like '晋城%'"
    ).fetchall()
    pages = sorted((m["file_name"], int(m["page"] or 0)) for m in planted(root))
    assert sorted((file, page) for file, page, _ in found) == pages


def test_a_wrong_cell_is_blamed_for_all_that_it_breaks(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    """52.73 万元 where its only section has 52.71: the sums above and below, the summary and the form of all funds say so."""
    row = sample_warehouse.execute(
        """
        select row_code, column_code, printed_text, unit, expected_value, allowed_low, allowed_high, excess, severity,
            broken_check_count, also_breaks, contradicts
        from marts.rpt_finding where printed_text = '52.73'
        """
    ).fetchall()
    assert [tuple(str(value) for value in values) for values in row] == [
        (
            *(
                "210",
                "total",
                "52.73",
                "万元",
                "527100.000000",
                "527000.000000",
                "527200.000000",
                "100.000000",
                "last_digit",
                "4",
            ),
            "appropriation_class (page 7); part_of_all_funds (page 9); parts_of_total (page 9)",
            "appropriation_summary (page 7); expenditure (page 6); general_budget_expenditure (page 9)",
        )
    ]


def test_the_cell_with_swapped_digits_is_blamed_not_its_totals(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    """45.97 for 54.97: the section above and the row itself no longer add up. What would mend both lies around 54.97."""
    row = sample_warehouse.execute(
        "select row_code, column_code, source_page, allowed_low, allowed_high from marts.rpt_finding where printed_text = '45.97'"
    ).fetchone()
    assert row is not None
    assert row[:3] == ("2013802", "project", 12)
    assert row[3] <= Decimal(549700) <= row[4]


def test_what_the_corpus_gets_wrong_is_listed_and_nothing_is_new(corpus_home: Home, root: Path) -> None:
    """Each entry of the list was looked up on its page."""
    listed = {
        (entry["document_id"], entry["check_name"], entry["printed"]) for entry in rows(root / "seeds/known_discrepancy.csv")
    }
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        found = connection.execute(
            "select document_id, check_name, coalesce(printed_text, ''), is_known from marts.rpt_finding order by all"
        ).fetchall()
        loaded = {document for (document,) in connection.execute("select document_id from marts.dim_document").fetchall()}
    assert [row for row in found if not row[3]] == []
    assert {row[:3] for row in found} == {entry for entry in listed if entry[0] in loaded}


def test_one_wrong_whole_is_one_finding_of_three_shares(corpus_home: Home) -> None:
    """Page 28: shares of 三公经费, 会议费 and 培训费 together are given as those of 三公经费; they add up to 32.78 percent."""
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        found = connection.execute(
            "select column_code, printed_text, broken_check_count from marts.rpt_finding"
            " where file_name like '%2017%' and check_name = 'share_of_whole'"
        ).fetchall()
    assert found == [("whole", "“三公”经费", 4)]


def test_the_verdict_counts_what_could_not_be_checked(corpus_home: Home) -> None:
    """晋城 2022 lists ten forms and lacks two: the identities that need them are applicable and not evaluated."""
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        row = connection.execute(
            """
            select forms_expected, forms_missing, missing_forms, within_form_inconsistent + across_forms_inconsistent,
                across_forms_applicable - across_forms_evaluated > 0, claims_stated > claims_evaluated, findings
            from marts.rpt_disclosure_quality where department_key like '晋城%'
            """
        ).fetchone()
        sums = connection.execute(
            "select sum(claims_stated), sum(claims_evaluated), sum(findings) from marts.rpt_disclosure_quality"
        ).fetchone()
        counted = connection.execute(
            "select count(*), count(*) filter (status <> 'not_evaluated'), (select count(*) from marts.rpt_finding)"
            " from marts.fct_narrative_claim"
        ).fetchone()
    assert row is not None
    assert row[:6] == (10, 2, "expenditure, income", 0, True, True)
    assert sums == counted


def test_lists_and_floors_bite(sample_home: Home, root: Path, tmp_path: Path) -> None:
    """An entry that matches nothing and a floor just above what is evaluated fail; a finding that is not listed warns.

    A floor at exactly what is evaluated holds, and so does an entry of a file that is not loaded.
    """
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copy(sample_home.warehouse, warehouse)
    with closing(duckdb.connect(str(warehouse))) as connection:
        connection.execute("delete from seeds.known_discrepancy where printed = '52.73'")
        connection.execute(
            "insert into seeds.known_discrepancy"
            " select document_id, file_name, 'children', 1, '1.00', 2, 'publisher', 'r', date '2026-01-01'"
            " from marts.dim_document order by file_name limit 1"
        )
        connection.execute(
            f"insert into seeds.known_discrepancy values"
            f" ('{'0' * 64}', 'x.pdf', 'children', 1, '1.00', 2, 'publisher', 'r', date '2026-01-01')"
        )
        row = connection.execute(
            "select count(*) filter (status <> 'not_evaluated') / count(*) from marts.fct_identity_check"
            " where family = 'within_form'"
        ).fetchone()
        assert row is not None
        connection.execute("delete from seeds.coverage_floor")
        connection.execute("alter table seeds.coverage_floor alter floor type double")
        connection.execute(f"insert into seeds.coverage_floor values ('within_form', {row[0]!r}, 1, '')")
    selection = ["rpt_finding", "path:tests/data/findings"]
    assert outcomes(root, sample_home, warehouse, tmp_path, selection) == {
        "known_discrepancies_are_found": ("fail", 1),
        "coverage_does_not_fall": ("pass", 0),
        "identities_hold": ("warn", 1),
        "stated_figures_agree": ("pass", 0),
        "years_agree": ("pass", 0),
        "prose_is_in_order": ("pass", 0),
        "disclosures_are_whole": ("pass", 0),
        "each_broken_check_has_one_finding": ("pass", 0),
    }
    with closing(duckdb.connect(str(warehouse))) as connection:
        connection.execute("update seeds.coverage_floor set floor = floor + 1e-9")
    assert outcomes(root, sample_home, warehouse, tmp_path, ["coverage_does_not_fall"]) == {"coverage_does_not_fall": ("fail", 1)}


def outcomes(root: Path, home: Home, warehouse: Path, folder: Path, selection: list[str]) -> dict[str, tuple[str, int]]:
    """Run models and data tests on a warehouse; status and failing rows of each test."""
    environment = {**os.environ, "JUESUAN_STAGING": str(home.staging), "JUESUAN_WAREHOUSE": str(warehouse)}
    environment["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    command = [str(Path(sys.executable).with_name("dbt")), "build", "--quiet", "--exclude-resource-type", "seed"]
    # What a model's own tests say is asked elsewhere.
    command += ["--indirect-selection", "empty", "--target-path", str(folder / "target"), "--select", *selection]
    subprocess.run(command, cwd=root, env=environment, check=False, stdout=subprocess.DEVNULL)
    results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {
        r["unique_id"].split(".")[2]: (r["status"], r["failures"] or 0) for r in results if r["unique_id"].startswith("test.")
    }


# --- The command ---


def told(home: Home, capsys: pytest.CaptureFixture[str], *options: str, status: int = 0) -> str:
    capsys.readouterr()
    assert main(["--home", str(home.path), "findings", *options]) == status
    captured = capsys.readouterr()
    return captured.out if status == 0 else captured.err


def test_all_formats_tell_the_same_findings(
    sample_home: Home, sample_warehouse: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    row = sample_warehouse.execute("select count(*) from marts.rpt_finding").fetchone()
    assert row is not None
    as_json = json.loads(told(sample_home, capsys, "--json"))
    as_csv = list(csv.DictReader(io.StringIO(told(sample_home, capsys, "--format", "csv"))))
    as_markdown = told(sample_home, capsys, "--format", "markdown")
    assert len(as_json["findings"]) == len(as_csv) == row[0]
    assert [f["printed_text"] for f in as_json["findings"]] == [f["printed_text"] for f in as_csv]
    assert sum(line.startswith("| ") for line in as_markdown.splitlines()) == row[0] + len({f["file_name"] for f in as_csv})
    assert as_json["coverage"]["identities"] > as_json["coverage"]["identities_evaluated"] > 0


def test_findings_are_narrowed(sample_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    text = told(sample_home, capsys, "--department", f"{CITY}自然资源和规划局", "--year", "2022", "--kind", "final_account")
    assert (
        "page 7, table 1, row 3, column 5 · expenditure 合计, total: printed '64558473.13' 元, expected 64,558,473.12 元" in text
    )
    assert "also breaks: parts_of_total (page 7); summary_expenditure_total (page 4)" in text
    assert text.splitlines()[-1].startswith("1 finding (0 material, 0 not listed as known) in 1 disclosure; evaluated: ")
    for options, figures in (
        (("--severity", "last_digit"), {"52.73", "64558473.13"}),
        (("--family", "year_over_year"), {"38.07", "0.42", "flat"}),
        (("--kind", "budget"), {"121.8"}),
        (("--new",), set()),
    ):
        assert {f["printed_text"] for f in json.loads(told(sample_home, capsys, "--json", *options))["findings"]} == figures


def test_a_finding_in_prose_or_in_a_text_file_has_a_line(sample_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    text = told(sample_home, capsys, "--department", f"{CITY}审计局", "--year", "2022")
    assert "  page 16, line 21 · 项目支出, percent: printed '121.8' %" in text
    cell = replace(HOSTILE, source_table=1, source_row=236, source_column=3)
    assert where(cell) == "page 3, table 1, row 236, column 3"
    assert where(replace(cell, media_type="text/plain")) == "page 3, line 236, column 3"
    assert where(replace(cell, source_page=None, source_row=None, source_column=None)) == "no page"


def test_no_finding_is_told_with_how_much_was_checked(sample_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    text = told(sample_home, capsys, "--department", f"{CITY}审计局", "--year", "2021", "--kind", "budget")
    assert text.startswith("0 findings (0 material, 0 not listed as known) in 1 disclosure; evaluated: ")


def test_what_cannot_be_answered_is_said(sample_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "the nearest names are: " in told(sample_home, capsys, "--department", "澜溪市审记局", status=1)
    assert "is loaded for 1999; there is: 20" in told(sample_home, capsys, "--year", "1999", status=1)
    empty = Home(tmp_path / "nowhere")
    assert "nothing is published" in told(empty, capsys, status=1)


def test_choices_of_the_command_are_what_the_warehouse_knows(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    families = sample_warehouse.execute("select distinct family from marts.bridge_finding_check").fetchall()
    severities = sample_warehouse.execute("select distinct severity from marts.rpt_finding").fetchall()
    assert {family for (family,) in families} <= set(FINDING_FAMILIES)
    assert {severity for (severity,) in severities} == set(FINDING_SEVERITIES)
    assert set(FORMATS) == set(FINDING_FORMATS)


def test_lines_for_the_list_are_accepted_by_it(
    sample_home: Home, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The header is that of the seed; what is listed already is not offered again."""
    text = told(sample_home, capsys, "--format", "seed")
    assert text.splitlines() == [(root / "seeds/known_discrepancy.csv").read_text(encoding="utf-8").splitlines()[0]]


HOSTILE = Finding(
    department_name="甲局",
    fiscal_year=2024,
    disclosure_kind="budget",
    disclosure_key="k",
    file_name="a|b.pdf",
    document_id="d",
    source_page=3,
    source_table=None,
    source_row=None,
    source_column=None,
    severity="material",
    family="stated_figure",
    check_name="amount_in_form",
    place_kind="claim",
    form_code=None,
    side=None,
    row_code=None,
    row_label="行政\x1b[31m运行",
    column_code="value",
    printed_text="<b>1|2</b>",
    unit="万元",
    printed_value=Decimal("1.2"),
    expected_value=Decimal("12345.678901"),
    allowed_low=Decimal("12345.67"),
    allowed_high=Decimal("12345.68"),
    excess=Decimal("5"),
    reason="r",
    sentence=None,
    broken_check_count=1,
    kept_check_count=0,
    suspect_count=1,
    also_breaks=None,
    contradicts=None,
    is_known=False,
    whose_error=None,
    known_reason=None,
    known_since=None,
    confidence=None,
    is_recognised=False,
)
NOTHING = Coverage(1, 2, 2, 3, 3)


def test_printed_text_is_data_wherever_it_goes() -> None:
    """No escape of a document reaches a terminal, no mark of it the tables of a report."""
    assert "\x1b" not in render_text([HOSTILE], NOTHING)
    row = next(line for line in render_markdown([HOSTILE], NOTHING).splitlines() if line.startswith("| 3 "))
    assert "&lt;b&gt;1\\|2&lt;/b&gt; 万元 | 12,345.6789 元 | 5.00" in row
    assert row.replace("\\|", "").count("|") == 9


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (Decimal("1234567"), "1,234,567.00"),
        (Decimal("0.1"), "0.10"),
        (Decimal("-2.34567"), "-2.3457"),
        (Decimal("100000000"), "100,000,000.00"),
    ],
)
def test_numbers_are_shown_for_reading(value: Decimal | None, text: str) -> None:
    assert number(value) == text


def test_the_first_new_findings_are_told_after_a_build(sample_home: Home, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.current.mkdir()
    shutil.copy(sample_home.warehouse, home.warehouse)
    with closing(duckdb.connect(str(home.warehouse))) as connection:
        connection.execute("update marts.rpt_finding set is_known = false")
    lines = module.told_after_build(home)
    assert sum(line.startswith("new: ") for line in lines) == module.NEW_SHOWN
    assert lines[-2].endswith(" more that are new")
    assert module.told_after_build(sample_home)[0].endswith(" stated figures")
