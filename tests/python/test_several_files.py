"""One disclosure in several files: corrected and published again, as tables alone beside the whole, the same bytes twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal

import duckdb
import pytest

from ingest.cli import main
from ingest.home import Home
from ingest.status import read_status, render_status
from tests.python.conftest import ROOT

SAMPLES = ROOT / "samples" / "disclosures"
JINCHENG = "晋城市行政审批服务管理局2022年度部门决算公开"
CULTURE = "云岭省澜溪市文化和旅游局2023年度部门决算"
# 其他收入 of the first publication: two digits changed places, so that neither the sum nor the sentences agree with it.
RIGHT, WRONG = "79467.43", "79476.43"
# And a sentence that the first publication had otherwise.
SAID, SAID_BEFORE = "基本支出16,746,103.98元，占比57.69%", "基本支出16,746,103.98元，占比56.79%"


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two disclosures: one published with a mistake and corrected, with a copy; one whole and as tables alone."""
    folder = tmp_path_factory.mktemp("twice")
    corrected = (SAMPLES / f"{JINCHENG}.txt").read_text(encoding="utf-8")
    whole = (SAMPLES / f"{CULTURE}.txt").read_text(encoding="utf-8")
    mistaken = corrected.replace(f"八、其他收入\t8\t{RIGHT}", f"八、其他收入\t8\t{WRONG}", 1).replace(SAID, SAID_BEFORE, 1)
    files = {
        f"{JINCHENG}.txt": mistaken,
        f"{JINCHENG}（更正）.txt": corrected,
        f"附件/{JINCHENG}.txt": corrected,
        f"{CULTURE}.txt": whole,
        f"{CULTURE}（表）.txt": tables_of(whole),
    }
    for name, text in files.items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    home = folder / "home"
    assert main(["--home", str(home), "ingest", str(folder / "files")]) == 0
    assert main(["--home", str(home), "build"]) == 0, "the build failed; its messages are above"
    return Home(home)


def tables_of(text: str) -> str:
    """A disclosure without the sentences that explain it: up to the heading of the explanation (listed in the contents, too)."""
    return text[: text.rindex("第三部分")]


@pytest.fixture
def marts(twice: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect(twice.warehouse, read_only=True)) as connection:
        yield connection


def test_the_correction_is_current_in_every_part(marts: duckdb.DuckDBPyConnection) -> None:
    parts = marts.execute(
        """
        select file_name, is_current, chosen_because, count(*), bool_or(part = 'explanation')
        from marts.bridge_disclosure_document where file_name like '晋城%' group by all order by file_name
        """
    ).fetchall()
    assert parts == [
        (f"{JINCHENG}.txt", False, "correction", 9, True),
        (f"{JINCHENG}（更正）.txt", True, "correction", 9, True),
    ]


def test_the_facts_take_the_corrected_figure_and_both_stay_as_printed(marts: duckdb.DuckDBPyConnection) -> None:
    fact = marts.execute(
        """
        select total_amount from marts.fct_income_expenditure_summary
        where disclosure_key like '晋城%' and form_code = 'income_expenditure_summary' and printed_label like '%其他收入'
        """
    ).fetchall()
    assert fact == [(Decimal(RIGHT),)]
    reported = marts.execute(
        """
        select amount, is_current from marts.fct_reported_amount
        where disclosure_key like '晋城%' and form_code = 'income_expenditure_summary' and row_label like '%其他收入' order by 1
        """
    ).fetchall()
    assert reported == [(Decimal(RIGHT), True), (Decimal(WRONG), False)]


def test_the_one_figure_that_was_corrected_is_the_one_difference(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.execute(
        """
        select
            current_file_name, other_file_name, grain, outcome, form_code, row_label, current_amount_text, other_amount_text,
            difference, current_page = other_page and current_row = other_row
        from marts.fct_document_difference where disclosure_key like '晋城%'
        """
    ).fetchall()
    assert rows == [
        (
            f"{JINCHENG}（更正）.txt", f"{JINCHENG}.txt", "figure", "different", "income_expenditure_summary", "八、其他收入",
            RIGHT, WRONG, Decimal("-9.00"), True,
        )
    ]  # fmt: skip


def test_the_one_statement_that_was_corrected_is_the_one_difference_of_the_prose(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.execute(
        """
        select
            current_file_name, other_file_name, outcome, subject, claim_kind, current_percent, other_percent,
            current_value = other_value, contains(other_sentence, ?), current_line = other_line
        from marts.fct_claim_difference
        """,
        [SAID_BEFORE],
    ).fetchall()
    assert rows == [
        (
            f"{JINCHENG}（更正）.txt", f"{JINCHENG}.txt", "different", "基本支出", "share", Decimal("57.69"), Decimal("56.79"),
            True, True, True,
        )
    ]  # fmt: skip


def test_the_corrected_mistake_is_known_and_counts_nowhere(marts: duckdb.DuckDBPyConnection) -> None:
    found = marts.execute(
        "select is_current, count(*) from marts.rpt_finding where printed_text = ? group by all", [WRONG]
    ).fetchall()
    assert found == [(False, 1)]
    # The superseded document is judged beside its own forms, and its mistake says nothing against any other document.
    assert marts.execute(
        """
        select count(*) from marts.rpt_finding as f
        join marts.bridge_finding_check as b using (finding_key)
        join marts.dim_document as d on b.document_id = d.document_id
        where f.is_current and not d.is_current
        """
    ).fetchall() == [(0,)]
    quality = marts.execute(
        """
        select q.findings, q.superseded_findings > 0, q.within_form_inconsistent, q.document_count, q.claims_stated
        from marts.rpt_disclosure_quality as q where disclosure_key like '晋城%'
        """
    ).fetchall()
    claims = marts.execute(
        "select count(*) from marts.fct_narrative_claim join marts.dim_document as d using (document_id) where d.file_name = ?",
        [f"{JINCHENG}（更正）.txt"],
    ).fetchall()
    current = marts.execute(
        """
        select
            (select count(*) from marts.rpt_finding where is_current and disclosure_key like '晋城%'),
            true,
            (select count(*) from marts.fct_identity_check
             where is_current and status = 'inconsistent' and family = 'within_form' and disclosure_key like '晋城%'),
            2
        """
    ).fetchall()
    assert quality == [(*current[0], claims[0][0])]


def test_both_publications_are_judged_alike_but_for_the_mistake(marts: duckdb.DuckDBPyConnection) -> None:
    """The same checks are evaluated of the superseded document as of the current one, and only those of the figure differ."""
    rows = marts.execute(
        """
        select d.file_name, c.check_id, c.form_code, c.row_code, c.row_label, c.column_code, c.status
        from marts.fct_identity_check as c join marts.dim_document as d using (document_id)
        where c.disclosure_key like '晋城%' and c.family in ('within_form', 'across_forms')
        """
    ).fetchall()
    old = {row[1:] for row in rows if row[0] == f"{JINCHENG}.txt"}
    new = {row[1:] for row in rows if row[0] != f"{JINCHENG}.txt"}
    assert {row[:-1] for row in old} == {row[:-1] for row in new}
    changed = {row[-1] for row in old - new}
    assert changed == {"inconsistent"}
    assert 1 <= len(old - new) <= 4


def test_tables_of_the_same_figures_do_not_displace_the_whole(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.execute(
        """
        select file_name, role, is_current, chosen_because, count(*) from marts.bridge_disclosure_document
        where file_name like '云岭%' and part <> 'explanation' group by all order by file_name
        """
    ).fetchall()
    assert [row[:4] for row in rows] == [
        (f"{CULTURE}.txt", "whole", True, "same_figures_more_complete"),
        (f"{CULTURE}（表）.txt", "tables", False, "same_figures_more_complete"),
    ]
    assert rows[0][4] == rows[1][4]
    assert marts.execute(
        "select part, chosen_because from marts.bridge_disclosure_document where part = 'explanation' and file_name like '云岭%'"
    ).fetchall() == [("explanation", "only_document")]
    assert marts.execute("select count(*) from marts.fct_document_difference where disclosure_key like '云岭%'").fetchall() == [
        (0,)
    ]


def test_every_path_of_the_same_bytes_is_in_the_marts(marts: duckdb.DuckDBPyConnection) -> None:
    rows = marts.execute(
        """
        select d.file_name, d.path_count, p.file_name, p.is_read_from, p.is_gone
        from marts.dim_document as d join marts.dim_document_path as p using (document_id)
        where d.path_count > 1 order by p.file_path
        """
    ).fetchall()
    copy = (f"{JINCHENG}（更正）.txt", 2, f"{JINCHENG}.txt", False, False)
    own = (f"{JINCHENG}（更正）.txt", 2, f"{JINCHENG}（更正）.txt", True, False)
    assert sorted(rows) == sorted([copy, own])


def test_status_says_what_is_current_and_why(twice: Home) -> None:
    status = read_status(twice)
    assert [(s.file_name, s.chosen_because, s.differences) for s in status.superseded] == [
        (f"{CULTURE}（表）.txt", "same_figures_more_complete", 0),
        (f"{JINCHENG}.txt", "correction", 2),
    ]
    told = render_status(status)
    assert f"      {JINCHENG}（更正）.txt is current, not {JINCHENG}.txt, in " in told
    assert "correction: the current document says of itself 更正, the other does not" in told
    assert "2 figures differ" in told
    assert [(p.file_name, len(p.paths)) for p in status.paths] == [(f"{JINCHENG}（更正）.txt", 2)]


def test_explain_says_which_document_a_figure_is_from_and_what_the_other_prints(
    twice: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    question = ["--department", "晋城市行政审批服务管理局", "--year", "2022", "--label", "其他收入"]
    question += ["--form", "income_expenditure_summary"]
    assert main(["--home", str(twice.path), "explain", *question]) == 0
    told = capsys.readouterr().out
    assert f"the superseded document {JINCHENG}.txt prints '{WRONG}' in 元" in told
    assert f"the current document {JINCHENG}（更正）.txt prints '{RIGHT}' in 元" in told
    assert f"      superseded by {JINCHENG}（更正）.txt: the current document says of itself 更正" in told
    assert told.index(f"files/{JINCHENG}（更正）.txt") < told.index(f"also  {twice.path.parent}/files/附件/{JINCHENG}.txt")
    assert main(["--home", str(twice.path), "explain", *question, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert [(f["is_current"], [o["outcome"] for o in f["others"]]) for f in figures] == [
        (True, ["different"]),
        (False, ["different"]),
    ]


def test_findings_leave_out_what_was_corrected_unless_it_is_asked_for(twice: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(twice.path), "findings", "--department", "晋城市行政审批服务管理局"]) == 0
    assert WRONG not in capsys.readouterr().out
    assert main(["--home", str(twice.path), "findings", "--department", "晋城市行政审批服务管理局", "--superseded"]) == 0
    assert WRONG in capsys.readouterr().out
