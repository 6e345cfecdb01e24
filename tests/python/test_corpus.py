"""Real documents against their transcriptions. Skipped, loudly, where the corpus is not at hand."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
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
from ingest.status import read_status
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


# What each file with a disclosure holds: forms with amounts, forms that print 无数据 or nothing, forms that its table of contents
# lists and it has not, and sentences. Prose apart from its tables has no form of its own and misses none.
EMPTY_FORMS = {"government_funds", "state_capital"}
OF_JIANGSU = (11, {"government_funds"}, set[str](), "江苏省人大常委会办公厅")
CONSULTATIVE = (11, {"government_funds"}, set[str](), "江苏省政协办公厅")
LOADED: dict[str, tuple[int, set[str], set[str], str]] = {
    "上海市普陀区人民政府万里街道办事处23年预算.pdf": (7, EMPTY_FORMS, set(), "上海市普陀区人民政府万里街道办事处"),
    "上海市普陀区人民政府万里街道办事处24年预算.pdf": (7, EMPTY_FORMS, set(), "上海市普陀区人民政府万里街道办事处"),
    "上海市财政局25年预算.pdf": (7, EMPTY_FORMS, set(), "上海市财政局"),
    "上海市普陀区财政局2024年度部门决算.pdf": (7, EMPTY_FORMS, set(), "上海市普陀区财政局"),
    "上海市普陀区规划和自然资源局2024年度部门决算.pdf": (7, EMPTY_FORMS, set(), "上海市普陀区规划和自然资源局"),
    # Its contents list 收入决算表 and 支出决算表; the text goes from 公开01表 to 公开04表, with a remark of each between them.
    "晋城市行政审批服务管理局2022年度部门决算公开.txt": (
        6,
        EMPTY_FORMS,
        {"income", "expenditure"},
        "晋城市行政审批服务管理局",
    ),
    "江苏省人大办公厅__江苏省人大办公厅2017年度预算公开.pdf": OF_JIANGSU,
    "江苏省人大办公厅__省人大办公厅2018预算公开.pdf": OF_JIANGSU,
    "江苏省人大办公厅__江苏省人大常委会办公厅2019年部门预算公开表.pdf": OF_JIANGSU,
    "江苏省人大办公厅__江苏省人大常委会2019年度部门预算公开.pdf": (0, set(), set(), "江苏省人大常委会办公厅"),
    "江苏省政协办公厅__2017年度部门预算公开表.pdf": CONSULTATIVE,
    "江苏省政协办公厅__江苏省政协办公厅2018度部门预算公开表.pdf": CONSULTATIVE,
    "江苏省政协办公厅__江苏省政协办公厅2019年预算公开表.pdf": CONSULTATIVE,
    "江苏省政协办公厅__江苏省政协办公厅2017年度部门预算.pdf": (0, set(), set(), "江苏省政协办公厅"),
    "江苏省政协办公厅__江苏省政协办公厅2018年度部门预算.pdf": (0, set(), set(), "江苏省政协办公厅"),
    "江苏省政协办公厅__江苏省政协办公厅2019年度部门预算.pdf": (0, set(), set(), "江苏省政协办公厅"),
}
REJECTED = {
    "部门决算模板.pdf": "template",
    "2021年度项目支出绩效自评表（就业补助资金）.xlsx": "evaluation_only",
    "2026年区级单位预算模板.xls": "template",
    "2026年区级部门预算模板.xlsx": "template",
}


@pytest.fixture
def warehouse(corpus_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse of the corpus, open for reading."""
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        yield connection


def test_every_file_of_the_corpus_is_loaded_or_rejected_for_its_reason(corpus: Path, corpus_home: Home) -> None:
    with closing(duckdb.connect(corpus_home.staging, read_only=True)) as connection:
        loaded = connection.execute("select file_name, department_name from staging.staging.document").fetchall()
        rejected = connection.execute("select file_name, code from staging.staging.rejection").fetchall()
    assert dict(loaded) == {name: department for name, (*_, department) in LOADED.items()}
    assert dict(rejected) == REJECTED
    assert {path.name for path in (corpus / "documents").rglob("*") if path.is_file()} == LOADED.keys() | REJECTED.keys()


@pytest.mark.parametrize("name", LOADED)
def test_every_form_that_a_file_lists_is_there_or_said_to_be_missing(warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
    forms = warehouse.execute(
        "select status, form_code from marts.fct_disclosed_form join marts.dim_document using (document_id) where file_name = ?",
        [name],
    ).fetchall()
    present, no_data, missing, _ = LOADED[name]
    codes = {status: {code for s, code in forms if s == status} for status in ("present", "no_data", "missing")}
    assert (len(codes["present"]), codes["no_data"], codes["missing"]) == (present, no_data, missing)


def test_two_files_of_a_disclosure_are_one_disclosure_with_all_its_forms(warehouse: duckdb.DuckDBPyConnection) -> None:
    files = warehouse.execute(
        "select disclosure_key, document_count, forms_present, forms_no_data, forms_missing from marts.rpt_disclosure_quality"
        " where document_count > 1 order by disclosure_key"
    ).fetchall()
    assert files == [
        (f"{department}/{year}/budget/department", 2, 11, 1, 0)
        for department, year in (
            ("江苏省人大常委会办公厅", 2019),
            ("江苏省政协办公厅", 2017),
            ("江苏省政协办公厅", 2018),
            ("江苏省政协办公厅", 2019),
        )
    ]


def test_a_department_is_one_through_the_years_and_its_spellings(warehouse: duckdb.DuckDBPyConnection) -> None:
    names = warehouse.execute(
        "select department_name, first_year, last_year, relation from marts.dim_department_name"
        " where department_key = '江苏省人大常委会办公厅' order by first_year, department_name"
    ).fetchall()
    assert names[0] == ("江苏省人大常委会办公厅", 2017, 2019, "own")
    assert {(name, relation) for name, _, _, relation in names[1:]} == {
        ("江苏省人大", "spelling"),
        ("江苏省人大办公厅", "spelling"),
        ("江苏省人大常委会", "spelling"),
    }


def test_no_two_departments_of_the_corpus_are_taken_for_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    """上海市财政局 and 上海市普陀区财政局 are alike, and of two regions; so are 规划和自然资源局 and 财政局 of one."""
    assert warehouse.execute("select * from marts.rpt_department_proposal").fetchall() == []


def test_a_note_that_a_form_is_empty_beside_its_figures_is_reported(
    warehouse: duckdb.DuckDBPyConnection, corpus_home: Home
) -> None:
    notices = warehouse.execute(
        "select file_name, form_code, source_page from marts.rpt_document_notice where kind = 'contradictory_note'"
    ).fetchall()
    assert notices == [("上海市普陀区人民政府万里街道办事处24年预算.pdf", "three_public_expenses", 31)]
    told = read_status(corpus_home).contradictions
    assert [(c.file_name, c.source_page) for c in told] == [("上海市普陀区人民政府万里街道办事处24年预算.pdf", 31)]
