"""Data is data wherever it goes: what a file is called, or what is printed in it, stays within its line and its cell."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_type_hints

import duckdb
import pytest
import yaml

from ingest.catalogue.proposal import comment, pattern
from ingest.cli import main
from ingest.explain import Figure, OtherFigure
from ingest.explain import render as render_explanation
from ingest.findings import FORMATS, Coverage, Finding
from ingest.progress import line_progress
from ingest.starter import Proposal, starter
from ingest.terminal import as_json, printable

# Colours, an erased line, a title for the window, a second line, a reversed suffix, characters without width.
HOSTILE = "\x1b[31m\x1b[2K\x1b]0;x\x07\r\n\x9b1m\u202etxt.fdp\u200b\u2066\ufeff'; drop table staging.document; --|<b>`"
SOUND = (
    "云岭省澜溪市水务局\n2023年度部门决算\n支出决算表\n单位：万元\n科目编码\t科目名称\t本年支出合计\t基本支出\t{header}\n"
    "合计\t\t10.00\t4.00\t6.00\n213\t{label}\t10.00\t4.00\t6.00\n"
)
DANGEROUS = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *"\u200b\u200e\u202a\u202d\u202e\u2066\u2067\ufeff\u2028"} - {
    "\n"
}
COVERAGE = Coverage(1, 1, 1, 1, 1)


def harmless(text: str, lines: int | None = None) -> bool:
    return not DANGEROUS & set(text) and (lines is None or len(text.splitlines()) == lines)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has read files with hostile names and texts: one is loaded, three are rejected."""
    folder = tmp_path_factory.mktemp("hostile")
    files = folder / "files"
    files.mkdir()
    name = HOSTILE.replace("/", "")
    (files / f"a{name}.txt").write_text(
        SOUND.format(header="项目支出", label="=cmd|' /C calc'!A0\x1b[31m\u202e"), encoding="utf-8"
    )
    (files / f"b{name}.txt").write_text(SOUND.format(header="未知\x1b[31m]: {x}\u202e支出", label="农林水支出"), encoding="utf-8")
    (files / f"c{name}.txt").write_text("no disclosure", encoding="utf-8")
    (files / "d\nForged: 9 loaded.pdf").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def ingested(home: Path) -> Path:
    assert main(["--home", str(home / "home"), "ingest", "--starter", str(home / "starter.yaml"), str(home / "files")]) == 3
    return home


def test_hostile_names_and_texts_are_loaded_as_they_are(ingested: Path) -> None:
    with duckdb.connect(ingested / "home" / "staging.duckdb", read_only=True) as connection:
        (name,) = connection.execute("select file_name from staging.staging.document").fetchall()[0]
        labels = connection.execute("select distinct row_label from staging.staging.form_row order by 1").fetchall()
        rejected = connection.execute("select code from staging.staging.rejection order by file_name").fetchall()
    assert name == f"a{HOSTILE}.txt"
    assert labels[0][0].startswith("=cmd|'/Ccalc'!A0")
    assert rejected == [("unknown_header",), ("no_forms",), ("empty_file",)]


@pytest.mark.usefixtures("ingested")
@pytest.mark.parametrize("words", [["status"], ["status", "--json"], ["status", "--paste"], ["ingest", "--json"], ["ingest"]])
def test_no_command_passes_on_what_drives_a_terminal(home: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["--home", str(home / "home"), *words, *([str(home / "files")] if words[0] == "ingest" else [])])
    told = capsys.readouterr()
    assert harmless(told.out)
    assert harmless(told.err)
    assert not any(line.startswith("Forged") for line in told.out.splitlines())
    if "--json" in words:
        paths = [r["file_path"] for r in json.loads(told.out)["rejections" if words[0] == "status" else "rejected"]]
        assert any(path.endswith("d\nForged: 9 loaded.pdf") for path in paths)  # a program gets the name as it is


def test_each_rejection_is_one_line(ingested: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--home", str(ingested / "home"), "ingest", str(ingested / "files")])
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("    |")]
    assert len(lines) == 1 + 3


def test_the_starter_is_yaml_with_file_and_page(ingested: Path) -> None:
    text = (ingested / "starter.yaml").read_text(encoding="utf-8")
    assert harmless(text)
    assert ".txt, page 1" in text
    parsed = yaml.safe_load(text)
    assert list(parsed) == ["columns"]
    assert [len(patterns) for patterns in parsed["columns"].values()] == [1]


def test_an_entry_is_proposed_once_with_all_that_need_it() -> None:
    paste = "columns:\n  # 支出决算表, page 3\n  <identifier>: [项目经费支出]\n"
    told = starter([Proposal("甲.pdf", 3, paste), Proposal("乙.pdf", 5, paste), Proposal("丙.pdf", 7, "titles:\n  - 甲表\n")])
    assert told.partition("\n\n")[2] == (
        "# headers.yaml\ncolumns:\n  # 甲.pdf, page 3\n  # 乙.pdf, page 5\n  <identifier>: [项目经费支出]\n\n"
        "# forms.yaml\ntitles:\n  # 丙.pdf, page 7\n  - 甲表\n"
    )
    assert starter([]) == ""


@pytest.mark.parametrize(
    "text",
    ["项目经费支出", "a: b", "- x", "x # y", "]", "{", "3.5%", "(甲)", "no", "1", "*", "a\nb: c", '"', "\\", "甲 ", "\x1b"],
)
def test_a_proposal_is_one_scalar_that_matches_its_text_alone(text: str) -> None:
    import re

    (loaded,) = yaml.safe_load(f"[{pattern(text)}]")
    assert isinstance(loaded, str)
    assert re.fullmatch(loaded, " ".join(text.split()) or text)
    assert "\n" not in comment(text)


# --- Findings and explanations ---


def record(kind: type, **given: object) -> Any:
    """A record whose texts are all hostile, and whose numbers are -1."""
    values: dict[str, object] = {}
    hints = get_type_hints(kind)
    for field in fields(kind):
        types = {hints[field.name], *get_args(hints[field.name])}
        values[field.name] = (
            HOSTILE
            if str in types
            else False
            if bool in types
            else Decimal(-1)
            if Decimal in types
            else -1
            if int in types
            else None
        )
    return kind(**values | given)


@pytest.fixture
def finding() -> Finding:
    made: Finding = record(Finding, check_name="children", severity="material", unit="元")
    return made


@pytest.mark.parametrize("form", ["table", "json", "markdown", "seed"])
def test_findings_are_told_without_what_drives_a_terminal(form: str, finding: Finding) -> None:
    assert harmless(FORMATS[form]([finding], COVERAGE))


def test_a_table_of_markdown_has_its_columns_whatever_is_printed(finding: Finding) -> None:
    rows = [line for line in FORMATS["markdown"]([finding], COVERAGE).splitlines() if line.startswith("|")]
    assert [row.replace("\\|", "").count("|") for row in rows] == [9, 9, 9]
    assert "<b>" not in rows[-1]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-cmd", "'-cmd"),
        ("@sum(a1)", "'@sum(a1)"),
        ("\t=1", "'\ufffd=1"),
        ("\r=1", "'\ufffd=1"),
        (" =1", "' =1"),
        ("＝1+1", "'＝1+1"),
        ("-12.34", "-12.34"),
        ("+1,234.50%", "+1,234.50%"),
        ("-1+1", "'-1+1"),
        ("财政局", "财政局"),
        ("a=1", "a=1"),
    ],
)
def test_a_spreadsheet_runs_nothing_and_numbers_stay_numbers(finding: Finding, text: str, cell: str) -> None:
    written = FORMATS["csv"]([replace(finding, printed_text=text, row_label=text)], COVERAGE)
    (row,) = csv.DictReader(io.StringIO(written))
    assert (row["printed_text"], row["row_label"]) == (cell, cell)
    assert (row["printed_value"], row["source_page"]) == ("-1", "-1")


def test_an_explanation_stays_within_its_lines() -> None:
    other: OtherFigure = record(OtherFigure, amount=Decimal(-1))
    figure: Figure = record(Figure, amount=Decimal(-1), unit="元", is_current=False, other_paths=(HOSTILE,), others=(other,))
    assert harmless(render_explanation([figure]), lines=9)


def test_progress_stays_within_its_line() -> None:
    out = io.StringIO()
    line_progress("ingest", out)(1, 1, HOSTILE)
    assert harmless(out.getvalue(), lines=1)


def test_what_is_printable_and_spaces_of_any_width_stay() -> None:
    text = "财政局\u3000２０２４ é ─ 😀"
    assert printable(text) == text
    assert json.loads(as_json({"a": HOSTILE, "b": [text, "\U000e0001"]})) == {"a": HOSTILE, "b": [text, "\U000e0001"]}
