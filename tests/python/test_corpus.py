"""Real documents against their transcriptions. Skipped, loudly, where the corpus is not at hand."""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import closing
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pdfplumber
import pypdfium2
import pytest

from ingest.document import Line, Table
from ingest.home import Home
from ingest.parse import parse_file
from ingest.parsed import ParsedDocument, Rejected
from ingest.readers.geometry import compose
from ingest.readers.pdf import content_by_pdfium, content_by_pdfplumber
from ingest.text import squash

GOLD = {
    "putuo_finance_2024": "上海市普陀区财政局2024年度部门决算.pdf",
    "putuo_planning_2024": "上海市普陀区规划和自然资源局2024年度部门决算.pdf",
    "jincheng_approval_2022": "晋城市行政审批服务管理局2022年度部门决算公开.txt",
    "jiangsu_congress_budget_2018": "江苏省人大办公厅__省人大办公厅2018预算公开.pdf",
    "jiangsu_congress_budget_2019": "江苏省人大办公厅__江苏省人大常委会办公厅2019年部门预算公开表.pdf",
}
FINAL_ACCOUNTS = [name for gold, name in GOLD.items() if "budget" not in gold]
SUMMARIES = ("income_expenditure_summary", "appropriation_summary")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def parsed(path: Path) -> ParsedDocument:
    return parse_file(path)


def find(corpus: Path, name: str) -> Path:
    return next((corpus / "documents").rglob(name))


@pytest.mark.parametrize("gold", GOLD)
def test_every_transcribed_amount_is_read_and_no_other(corpus: Path, gold: str) -> None:
    document = parsed(find(corpus, GOLD[gold]))
    expected = Counter(
        (r["form_code"], r["side"], r["row_code"], r["column_code"], Decimal(r["amount"]), r["unit"])
        for r in rows(corpus / "gold" / gold / "cells.csv")
        if r["amount"]
    )
    transcribed = {key[0] for key in expected}
    read = Counter(
        (
            a.form_code,
            a.side or "",
            "" if a.form_code in SUMMARIES else a.row_code or "",
            a.column_code,
            a.printed_value,
            # A count keeps its own unit; the transcription gives it that of its form.
            a.unit if a.unit in ("元", "万元") else "元",
        )
        for a in document.amounts
        if a.form_code in transcribed
    )
    sides = {"expenditure_by_function": "expenditure", "expenditure_by_purpose": "purpose"}
    expected = Counter({(k[0], sides.get(k[1], k[1]), *k[2:]): n for k, n in expected.items()})
    assert (expected - read, read - expected) == (Counter(), Counter())


@pytest.mark.parametrize("name", FINAL_ACCOUNTS)
def test_row_labels_are_those_of_the_transcription(corpus: Path, name: str) -> None:
    gold = next(g for g, n in GOLD.items() if n == name)
    expected = {
        (r["form_code"], r["row_code"], squash(r["row_label"]))
        for r in rows(corpus / "gold" / gold / "cells.csv")
        if r["form_code"] not in SUMMARIES
    }
    read = {(a.form_code, a.row_code or "", a.row_label) for a in parsed(find(corpus, name)).amounts}
    assert {r for r in read if r[0] not in SUMMARIES} == expected


def test_an_empty_template_is_rejected_as_one(corpus: Path) -> None:
    with pytest.raises(Rejected) as refused:
        parse_file(find(corpus, "部门决算模板.pdf"))
    assert refused.value.code == "template"


def test_forms_that_a_document_promises_and_lacks_are_missing(corpus: Path) -> None:
    document = parsed(find(corpus, GOLD["jincheng_approval_2022"]))
    assert [f.form_code for f in document.forms if f.status == "missing"] == ["income", "expenditure"]


def test_a_heading_that_names_another_department_is_reported(corpus: Path) -> None:
    document = parsed(find(corpus, GOLD["putuo_planning_2024"]))
    assert [(w.value, w.source, w.page) for w in document.witnesses if not w.agrees] == [("上海市规划和自然资源局", "heading", 7)]


@pytest.mark.parametrize("name", [n for n in FINAL_ACCOUNTS if n.endswith(".pdf")])
def test_each_amount_stands_where_it_is_said_to_stand(corpus: Path, name: str) -> None:
    """An independent look: cut each amount's box out of the page with the bare library and read what is there."""
    path = find(corpus, name)
    with pdfplumber.open(path) as pdf:
        for amount in parsed(path).amounts:
            box = amount.box
            assert box is not None
            page = pdf.pages[amount.source_page - 1]
            inside = [c for c in page.chars if box.x0 <= (c["x0"] + c["x1"]) / 2 < box.x1]
            inside = [c for c in inside if box.top <= (c["top"] + c["bottom"]) / 2 < box.bottom]
            assert squash("".join(c["text"] for c in inside)) == squash(amount.amount_text), amount


def test_each_amount_of_a_text_stands_on_its_line(corpus: Path) -> None:
    path = find(corpus, GOLD["jincheng_approval_2022"])
    lines = path.read_text("utf8").splitlines()
    for amount in parsed(path).amounts:
        cells = lines[amount.source_row - 1].split("\t")
        assert cells[amount.source_column - 1].strip() == amount.amount_text


def test_two_libraries_see_the_same_tables_and_lines(corpus: Path) -> None:
    """Whatever pypdfium2 reads, pdfplumber reads the same, cell by cell, on every page that both may read."""
    differing: list[tuple[str, int]] = []
    compared = 0
    for path in sorted((corpus / "documents").rglob("*.pdf")):
        with closing(pypdfium2.PdfDocument(path)) as document, pdfplumber.open(path) as pdf:
            for index in range(len(document)):
                content = content_by_pdfium(document, index)
                if content is None:
                    continue
                compared += 1
                other = content_by_pdfplumber(pdf.pages[index])
                if _printed(compose(1, content)) != _printed(compose(1, other)):
                    differing.append((path.name, index + 1))
    assert differing == []
    assert compared >= 338


def _printed(blocks: tuple[Line | Table, ...]) -> list[object]:
    return [
        squash(b.text) if isinstance(b, Line) else [(c.row, c.column, c.row_span, c.column_span, squash(c.text)) for c in b.cells]
        for b in blocks
    ]


def test_final_accounts_reproduce_their_totals(corpus_home: Home) -> None:
    """No form of the three final accounts misses a printed total by more than rounding."""
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        failing = connection.execute(
            """
            select form_code, reason from marts.rpt_form_reconciliation
            join marts.dim_document using (document_id)
            where status = 'inconsistent' and list_contains(?, file_name)
            """,
            [FINAL_ACCOUNTS],
        ).fetchall()
        evaluated = connection.execute(
            """
            select count(*) from marts.rpt_form_reconciliation join marts.dim_document using (document_id)
            where status = 'consistent' and list_contains(?, file_name)
            """,
            [FINAL_ACCOUNTS],
        ).fetchone()
    assert failing == []
    assert evaluated is not None
    assert evaluated[0] > 300


def test_every_budget_of_the_corpus_with_tables_loads(corpus_home: Home) -> None:
    """The four budget files without a table are the explanations of files with tables; they say so when they are rejected."""
    with closing(duckdb.connect(corpus_home.staging, read_only=True)) as connection:
        loaded = connection.execute("select count(*) from staging.staging.document where disclosure_kind = 'budget'").fetchone()
        rejected = connection.execute(
            "select code, count(*) from staging.staging.rejection group by code order by code"
        ).fetchall()
    assert loaded == (9,)
    assert dict(rejected) == {"no_forms": 4, "template": 1, "unsupported_format": 3}
