"""Workbooks and delimited text: what is printed in their cells, where it stands, and what is refused."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from ingest.document import Document, Line, Table
from ingest.parse import parse_document, parse_file
from ingest.parsed import ParsedDocument, Rejected
from ingest.readers import read_document, sheet
from tests.python import workbooks
from tests.python.workbooks import NAME, WRITERS, Page, Put, write_ods, write_xls, write_xlsx

Amounts = dict[tuple[str, str | None, str | None, str, str], tuple[str, int, int, int]]


def amounts(document: ParsedDocument) -> Amounts:
    """What each amount is, as printed, and its sheet, row and column."""
    return {
        (a.form_code, a.side, a.row_code, a.row_label, a.column_code): (
            a.amount_text,
            a.source_page,
            a.source_row,
            a.source_column,
        )
        for a in document.amounts
    }


def rejected(path: Path) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        parse_file(path)
    return refusal.value


def only_table(document: Document, page: int = 1) -> Table:
    (table,) = document.pages[page - 1].tables
    return table


def texts(document: Document, page: int = 1) -> list[str]:
    return [line.text for line in document.pages[page - 1].lines]


# The same disclosure in every format


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_disclosure_is_read_whole_from_each_kind_of_workbook(tmp_path: Path, suffix: str) -> None:
    parsed = parse_file(WRITERS[suffix](tmp_path / f"a{suffix}", workbooks.disclosure()))
    known = parsed.disclosure
    assert (known.department_name, known.fiscal_year, known.disclosure_kind) == (NAME, 2023, "final_account")
    assert [(f.form_code, f.unit, f.first_page, f.status) for f in parsed.forms] == [
        ("income_expenditure_summary", "万元", 3, "present"),
        ("income", "万元", 4, "present"),
        ("expenditure", "万元", 4, "present"),
    ]
    found = amounts(parsed)
    # Sheet, row and column as a person sees them in the workbook: the summary begins in column B.
    assert found["income_expenditure_summary", "income", None, "本年收入合计", "total"] == ("100.00", 3, 8, 3)
    assert found["income_expenditure_summary", "expenditure", None, "总计", "total"] == ("110.00", 3, 10, 5)
    assert found["income", None, "21303", "水利", "appropriation"] == ("100.00", 4, 7, 4)
    assert found["income", None, None, "合计", "other_income"] == ("0.00", 4, 5, 5)
    assert found["expenditure", None, "2130305", "水利工程建设", "project"] == ("６０.００", 4, 18, 7)
    assert ("expenditure", None, "2130301", "行政运行", "project") not in found
    assert len(found) == 8 + 9 + 13
    said = {s.sentence_order: s for s in parsed.sentences}
    assert {(said[c.sentence_order].source_page, c.claim_kind) for c in parsed.claims} == {
        (2, "amount"),
        (2, "change"),
        (2, "share"),
    }
    assert not [n for n in parsed.notices if n.kind.startswith(("hidden", "number", "unread", "unknown"))]


def test_each_kind_of_workbook_gives_the_same(tmp_path: Path) -> None:
    read = [parse_file(write(tmp_path / f"a{suffix}", workbooks.disclosure())) for suffix, write in WRITERS.items()]
    for other in read[1:]:
        assert amounts(other) == amounts(read[0])
        assert (other.rows, other.claims, other.sentences, other.text_lines, other.disclosure) == (
            read[0].rows,
            read[0].claims,
            read[0].sentences,
            read[0].text_lines,
            read[0].disclosure,
        )


def _delimited(delimiter: str, encoding: str) -> bytes:
    rows = [[f"{NAME}2023年度部门决算"], [], *_matrix(workbooks.stacked())]
    quoted = [[f'"{t}"' if delimiter in t or "\n" in t else t for t in row] for row in rows]
    return "".join(delimiter.join(row) + "\r\n" for row in quoted).encode(encoding)


def _matrix(page: Page) -> list[list[str]]:
    height, width = max(p.row for p in page.cells), max(p.column + p.columns - 1 for p in page.cells)
    matrix = [[""] * width for _ in range(height)]
    for put in page.cells:
        matrix[put.row - 1][put.column - 1] = put.shown or str(put.value or "")
    return matrix


@pytest.mark.parametrize(
    ("name", "delimiter", "encoding"),
    [
        ("a.csv", ",", "utf-8"),
        ("a.csv", ",", "utf-8-sig"),
        ("a.csv", ";", "gb18030"),
        ("a.csv", "\t", "utf-16"),
        ("a.tsv", "\t", "utf-8"),
        ("a.xls", "\t", "gb18030"),  # an export of cells under the name of a workbook
    ],
)
def test_delimited_text_gives_the_same_amounts_as_the_sheet(tmp_path: Path, name: str, delimiter: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_bytes(_delimited(delimiter, encoding))
    text = amounts(parse_file(path))
    book = amounts(parse_file(write_xlsx(tmp_path / "b.xlsx", [workbooks.cover(), workbooks.stacked()])))
    # Two lines stand before the sheet, and a text has one page.
    assert {key: (value[0], value[2] - 2, value[3]) for key, value in text.items()} == {
        key: (value[0], *value[2:]) for key, value in book.items()
    }


def test_what_a_file_is_its_content_decides(tmp_path: Path) -> None:
    pages = workbooks.disclosure()
    for actual, named in ((write_xlsx, "a.xls"), (write_xls, "b.xlsx"), (write_ods, "c.xls"), (write_xlsx, "d.txt")):
        assert len(parse_file(actual(tmp_path / named, pages)).amounts) == 30


def test_a_web_page_named_xls_is_not_taken_for_delimited_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text("<html><body><table><tr><td>收入决算表,1,2</td></tr></table></body></html>", encoding="utf-8")
    try:
        document = read_document(path)
    except Rejected as refusal:
        assert refusal.code == "unsupported_format"
    else:
        assert document.media_type != "text/csv"


# Rows that are lines, rows that are tables


def test_title_head_table_and_notes_are_told_apart(tmp_path: Path) -> None:
    document = read_document(write_xlsx(tmp_path / "a.xlsx", [workbooks.stacked()]))
    kinds = [(type(b).__name__, b.number if isinstance(b, Line) else b.row_numbers[0]) for b in document.pages[0].blocks]
    assert kinds == [("Line", 1), ("Line", 2), ("Table", 3), ("Line", 9), ("Line", 10), ("Table", 11), ("Line", 19)]
    assert texts(document)[:2] == ["收入决算表", f"部门：{NAME}  单位：万元"]
    income, expenditure = document.pages[0].tables
    assert (income.row_count, income.column_count, expenditure.row_count, expenditure.column_count) == (5, 5, 8, 7)
    merged = [(c.row, c.column, c.row_span, c.column_span) for c in expenditure.cells if c.text == "功能分类科目编码"]
    assert merged == [(2, 1, 1, 3)]


def test_a_framed_title_over_all_columns_is_a_line(tmp_path: Path) -> None:
    page = Page("x").table(1, 1, [["支出决算表", "<", "<"], ["科目名称", "本年支出合计", "基本支出"], ["合计", 5.0, 5.0]])
    document = read_document(write_xlsx(tmp_path / "a.xlsx", [page]))
    assert texts(document) == ["支出决算表"]
    assert only_table(document).row_numbers == (2, 3)


def test_rows_without_text_are_left_out_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    page = Page("x").table(2, 2, [["项目", "金额"], [None, None], ["合计", 5.0], [None, None]])
    table = only_table(read_document(write_xlsx(tmp_path / "a.xlsx", [page])))
    assert (table.row_count, table.row_numbers, table.column_count) == (2, (2, 4), 3)


def test_a_sheet_without_frames_is_told_apart_by_its_structure(tmp_path: Path) -> None:
    page = workbooks.stacked()
    page.cells = [replace(p, frame=False) for p in page.cells]
    bare = parse_file(write_xlsx(tmp_path / "bare.xlsx", [workbooks.cover(), page]))
    framed = parse_file(write_xlsx(tmp_path / "framed.xlsx", [workbooks.cover(), workbooks.stacked()]))
    assert amounts(bare) == amounts(framed)


@pytest.mark.parametrize(
    ("last", "below", "rows"),
    [
        # A numbered heading right above prose heads it; above a note it is the last label of the table.
        ("三、项目自评结果", "综合考虑各方面因素，得分10分。", (1, 2)),
        ("三、其他收入", "注：本表反映部门本年度取得的各项收入。", (1, 2, 3)),
        ("其他收入", "综合考虑各方面因素，得分10分。", (1, 2, 3)),
        ("三、其他收入", "四、事业收入", (1, 2, 3, 4)),
    ],
)
def test_a_heading_right_below_a_table_without_frames_is_no_row_of_it(
    tmp_path: Path, last: str, below: str, rows: tuple[int, ...]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"项目,金额,占比\n一、财政拨款收入,5.00,100.00\n{last},,\n{below},,\n", encoding="utf-8")
    document = read_document(path)
    assert only_table(document).row_numbers == rows
    assert [line.text for line in document.pages[0].lines] == [last, below][len(rows) - 2 :]


def test_a_row_that_someone_forgot_to_frame_stays_in_its_table(tmp_path: Path) -> None:
    page = workbooks.summary()
    # 二、政府性基金预算财政拨款收入, without an amount and without a neighbour.
    alone = [replace(p, frame=False) for p in page.cells if (p.row, p.column) == (7, 2)]
    page.cells = [p for p in page.cells if p.row != 7] + alone
    framed = parse_file(write_xlsx(tmp_path / "a.xlsx", [workbooks.cover(), workbooks.summary()]))
    forgotten = parse_file(write_xlsx(tmp_path / "b.xlsx", [workbooks.cover(), page]))
    assert amounts(forgotten) == amounts(framed)


def test_forms_that_follow_without_an_empty_row_are_two(tmp_path: Path) -> None:
    page = workbooks.stacked()
    page.cells = [replace(p, row=p.row - 1) if p.row >= 9 else p for p in page.cells]
    framed = parse_file(write_xlsx(tmp_path / "a.xlsx", [workbooks.cover(), page]))
    page.cells = [replace(p, frame=False) for p in page.cells]
    bare = parse_file(write_xlsx(tmp_path / "b.xlsx", [workbooks.cover(), page]))
    assert amounts(framed) == amounts(bare)
    assert [f.form_code for f in framed.forms] == ["income", "expenditure"]


def test_the_name_of_a_sheet_stands_for_a_title_where_it_prints_none(tmp_path: Path) -> None:
    matrix = [["科目名称", "合计", "基本支出"], ["合计", 5.0, 5.0]]
    named = read_document(write_xlsx(tmp_path / "a.xlsx", [Page("支出决算表").table(3, 1, matrix)]))
    assert [(line.number, line.text) for line in named.pages[0].lines] == [(3, "支出决算表")]
    assert named.pages[0].name == "支出决算表"
    for name in ("Sheet3", "Table 3", "第3页", "工作表3"):
        assert not read_document(write_xlsx(tmp_path / "b.xlsx", [Page(name).table(3, 1, matrix)])).pages[0].lines
    titled = Page("支出决算表").text(1, 1, "收入决算表").table(3, 1, matrix)
    assert texts(read_document(write_xlsx(tmp_path / "c.xlsx", [titled]))) == ["收入决算表"]


def test_prose_in_one_cell_is_one_paragraph_a_line(tmp_path: Path) -> None:
    document = read_document(write_xlsx(tmp_path / "a.xlsx", [workbooks.prose()]))
    assert [line.number for line in document.pages[0].lines] == [1, 3, 3, 3, 3]
    assert all(line.is_paragraph for line in document.pages[0].lines)


def test_prose_that_was_wrapped_into_rows_is_put_together_again(tmp_path: Path) -> None:
    first, second = "2023年度收入总计、支出总计均为110.00万元，与2022年度相比，增", "加10.00万元，增长10.00%。"
    page = Page("情况说明").text(1, 1, "2023年度部门决算情况说明").text(2, 1, "一、收入支出决算总体情况说明")
    page.text(3, 1, first).text(4, 1, second)
    pages = [workbooks.cover(), page, workbooks.summary()]
    sentences = [s.text for s in parse_file(write_xlsx(tmp_path / "a.xlsx", pages)).sentences]
    assert first + second in sentences


# What a cell prints


def _cell(tmp_path: Path, write: Callable[[Path, Sequence[Page]], Path], value: str | float, form: str) -> str:
    page = Page("x").table(1, 1, [["项目", "金额"], ["合计", "1"]])
    page.cells.append(Put(3, 1, "甲")), page.cells.append(Put(3, 2, value, form))
    document = read_document(write(tmp_path / "cell", [page]))
    return next((c.text for c in only_table(document).cells if (c.row, c.column) == (3, 2)), "")


@pytest.mark.parametrize("write", [write_xlsx, write_xls])
@pytest.mark.parametrize(
    ("value", "form", "printed"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (0.1 + 0.2, "0.00", "0.30"),
        (0.1 + 0.2, "General", "0.3"),
        (1.005, "0.00", "1.01"),
        (0.1234, "0.00%", "12.34%"),
        (0.0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (-1234.5, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-1,234.50"),
        (0.0, "0.00;-0.00;;@", ""),
        (2010301.0, "General", "2010301"),
        (8.0, "000", "008"),
        (45505.0, 'yyyy"年"m"月"d"日"', "2024年8月1日"),
        ("1,234.50", "@", "1,234.50"),
        (" 29029236. 59 ", "General", "29029236. 59"),
    ],
)
def test_a_cell_prints_what_a_person_sees(
    tmp_path: Path, write: Callable[[Path, Sequence[Page]], Path], value: str | float, form: str, printed: str
) -> None:
    assert _cell(tmp_path, write, value, form) == printed


def test_a_format_that_is_not_understood_is_remarked(tmp_path: Path) -> None:
    page = Page("表一").table(1, 1, [["项目", "金额"], ["合计", 0.5]], form="# ?/?")
    (remark,) = read_document(write_xlsx(tmp_path / "a.xlsx", [page])).remarks
    assert (remark.kind, remark.page) == ("number_format", 1)
    assert "表一" in remark.message and "B2" in remark.message


def test_a_figure_that_its_format_hides_is_remarked(tmp_path: Path) -> None:
    page = Page("表一").table(1, 1, [["项目", "金额"], ["合计", 5.0]], form=";;;")
    (remark,) = read_document(write_xlsx(tmp_path / "a.xlsx", [page])).remarks
    assert remark.kind == "hidden_cell" and "B2" in remark.message


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#####"])
def test_an_error_in_the_place_of_a_figure_rejects_the_document(tmp_path: Path, error: str) -> None:
    page = workbooks.stacked()
    page.cells = [replace(p, value=error) if (p.row, p.column) == (15, 6) else p for p in page.cells]
    refusal = rejected(write_xlsx(tmp_path / "a.xlsx", [workbooks.cover(), page]))
    assert refusal.code == "leftover_figures"
    assert error in refusal.message and "row 15" in refusal.message


# Formulas


@pytest.mark.parametrize("suffix", WRITERS)
def test_formulas_that_were_never_computed_reject_the_workbook(tmp_path: Path, suffix: str) -> None:
    page = workbooks.stacked()
    page.cells = [replace(p, value="=F14+G14") if (p.row, p.column) == (14, 5) else p for p in page.cells]
    refusal = rejected(WRITERS[suffix](tmp_path / f"a{suffix}", [workbooks.cover(), page]))
    assert refusal.code == "formula_without_result"
    assert "收入和支出, cell E14" in refusal.message
    assert "open it in an office program" in (refusal.advice or "")


def _patched(path: Path, **replaced: tuple[str, str]) -> Path:
    """The workbook with patterns replaced in entries whose names contain the key."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    for part, (pattern, text) in replaced.items():
        entries = {
            name: re.sub(pattern, text, content.decode()).encode() if part in name else content
            for name, content in entries.items()
        }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


NO_RESULT = "</f>(?:<v ?/>|<v></v>)"


def _with_formula(tmp_path: Path) -> Path:
    page = workbooks.stacked()
    page.cells = [replace(p, value="=F14+G14") if (p.row, p.column) == (14, 5) else p for p in page.cells]
    return write_xlsx(tmp_path / "a.xlsx", [workbooks.cover(), page])


def test_the_stored_result_of_a_formula_is_printed(tmp_path: Path) -> None:
    path = _patched(_with_formula(tmp_path), sheet2=(NO_RESULT, "</f><v>100</v>"))
    assert amounts(parse_file(path))["expenditure", None, None, "合计", "total"][0] == "100.00"


def test_an_empty_text_is_a_result(tmp_path: Path) -> None:
    path = _patched(_with_formula(tmp_path), sheet2=(r'(<c r="E14" s="\d+")(>)', r'\1 t="str"\2'))
    assert ("expenditure", None, None, "合计", "total") not in amounts(parse_file(path))


def test_results_that_a_program_left_at_zero_are_none(tmp_path: Path) -> None:
    path = _patched(_with_formula(tmp_path), sheet2=(NO_RESULT, "</f><v>0</v>"))
    assert rejected(path).code == "formula_without_result"  # openpyxl asks for everything to be computed on opening
    path = _patched(path, workbook=(' fullCalcOnLoad="1"', ""))
    assert amounts(parse_file(path))["expenditure", None, None, "合计", "total"][0] == "0.00"


# What is hidden


@pytest.mark.parametrize("suffix", WRITERS)
def test_what_is_hidden_is_not_read_and_is_reported(tmp_path: Path, suffix: str) -> None:
    page = workbooks.stacked()
    page.hidden_rows, page.hidden_columns = (17,), (7,)
    secret = Page("底稿").table(1, 1, [["项目", "金额"], ["合计", 5.0]])
    secret.state = "hidden" if suffix == ".ods" else "veryHidden"
    parsed = parse_file(WRITERS[suffix](tmp_path / f"a{suffix}", [workbooks.cover(), secret, page]))
    found = amounts(parsed)
    assert ("expenditure", None, "2130301", "行政运行", "basic") not in found
    assert not [key for key in found if key[-1] == "project"]
    # The page of a sheet is its place among all sheets.
    assert found["expenditure", None, "2130305", "水利工程建设", "total"] == ("60.00", 3, 18, 5)
    said = {n.kind: (n.source_page, n.source_row, n.message) for n in parsed.notices if n.kind.startswith("hidden")}
    assert said.keys() == {"hidden_sheet", "hidden_row", "hidden_column"}
    assert said["hidden_sheet"][0] == 2 and "底稿" in said["hidden_sheet"][2] and "1 of its cells" in said["hidden_sheet"][2]
    assert said["hidden_row"][:2] == (3, 17)
    assert "column G" in said["hidden_column"][2]


def test_a_merged_cell_is_shown_as_long_as_a_part_of_it_is(tmp_path: Path) -> None:
    page = Page("x").table(1, 1, [["项目", "支出", "<"], ["^", "基本支出", "项目支出"], ["合计", 1.0, 2.0]])
    page.hidden_rows, page.hidden_columns = (1,), (2,)
    document = read_document(write_xlsx(tmp_path / "a.xlsx", [page]))
    assert [(c.column, c.text) for c in only_table(document).cells if c.text] == [
        (1, "项目"),
        (3, "项目支出"),
        (1, "合计"),
        (3, "2.00"),
    ]


def test_a_workbook_of_hidden_sheets_prints_nothing(tmp_path: Path) -> None:
    empty, secret = Page("x"), workbooks.summary()
    secret.state = "hidden"
    assert rejected(write_xlsx(tmp_path / "a.xlsx", [empty, secret])).code == "empty_file"


# Bounds


def test_a_sheet_of_nothing_down_to_its_last_row_is_read(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [workbooks.cover(), workbooks.stacked()])
    rows = "".join(f'<row r="{r}" ht="14.25" customHeight="1"/>' for r in range(20, 30_000))
    cells = "".join(f'<row r="{r}"><c r="A{r}" s="1"/><c r="IV{r}" s="1"></c></row>' for r in range(30_000, 45_000))
    read = parse_file(_patched(path, sheet2=("</sheetData>", f"{rows}{cells}</sheetData>")))
    assert len(read.amounts) == 22


def test_a_figure_in_the_last_row_and_column_costs_nothing(tmp_path: Path) -> None:
    page = Page("x").text(1, 1, "标题").text(1_048_576, 16_384, "5")
    assert texts(read_document(write_xlsx(tmp_path / "a.xlsx", [page]))) == ["标题", "5"]


def test_more_cells_than_are_read_reject_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page("x").table(1, 1, [["项目", "金额"], ["合计", 5.0]])
    paths = [write(tmp_path / f"a{suffix}", [page]) for suffix, write in WRITERS.items()]
    csv = tmp_path / "a.csv"
    csv.write_text("项目,金额\n合计,5.00\n", encoding="utf-8")
    monkeypatch.setattr(sheet, "MAX_CELLS", 4)
    for path in (*paths, csv):
        assert len(read_document(path).pages) == 1
    monkeypatch.setattr(sheet, "MAX_CELLS", 3)
    for path in (*paths, csv):
        assert rejected(path).code == "too_large"


def test_a_merged_range_over_the_whole_sheet_rejects_it(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [Page("x").text(1, 1, "标题", columns=2)])
    assert rejected(_patched(path, sheet1=("A1:B1", "A1:XFD1048576"))).code == "too_large"


def test_repetitions_without_end_are_bounded(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", [Page("x").table(1, 1, [["项目", "金额"], ["合计", 5.0]])])
    _patched(path, content=("<table:table-row><", '<table:table-row table:number-rows-repeated="999999999"><'))
    assert rejected(path).code == "too_large"


# Broken, encrypted, odd


def test_a_workbook_cut_short_is_truncated(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", workbooks.disclosure())
    path.write_bytes(path.read_bytes()[:-300])
    assert rejected(path).code == "truncated"


@pytest.mark.parametrize(
    ("write", "part", "pattern", "text"),
    [
        (write_xlsx, "sheet1.xml", "</sheetData>", ""),
        (write_xlsx, "styles.xml", "<cellXfs", "<cellXfs <"),
        (write_xlsx, "workbook.xml", "</sheets>", ""),
        (write_ods, "content.xml", "</table:table>", ""),
    ],
)
def test_broken_xml_is_damage(
    tmp_path: Path, write: Callable[[Path, Sequence[Page]], Path], part: str, pattern: str, text: str
) -> None:
    path = _patched(write(tmp_path / "a", [workbooks.summary()]), **{part: (pattern, text)})
    assert rejected(path).code == "damaged"


def test_a_broken_xls_is_damage(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "a.xls", workbooks.disclosure())
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert rejected(path).code == "damaged"


def test_an_encrypted_ods_is_told(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", [workbooks.summary()])
    _patched(path, manifest=("<manifest/>", "<manifest><encryption-data/></manifest>"))
    assert rejected(path).code == "encrypted"


def test_entities_are_refused(tmp_path: Path) -> None:
    declared = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    xlsx = write_xlsx(tmp_path / "a.xlsx", [workbooks.summary()])
    assert rejected(_patched(xlsx, sheet1=("<worksheet", f"{declared}<worksheet"))).code == "unsafe_container"
    ods = write_ods(tmp_path / "a.ods", [workbooks.summary()])
    assert (
        rejected(_patched(ods, content=("<office:document-content", f"{declared}<office:document-content"))).code
        == "unsafe_container"
    )


def test_a_chart_and_a_picture_are_remarked(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [workbooks.summary(), Page("示意图")])
    book = openpyxl.load_workbook(path)
    book["示意图"].add_chart(openpyxl.chart.BarChart(), "A1")
    book.create_chartsheet("图表").add_chart(openpyxl.chart.BarChart())
    book.save(path)
    document = read_document(path)
    assert [(r.kind, r.page) for r in document.remarks] == [("picture_sheet", 2), ("picture_sheet", 3)]


def test_pictures_alone_are_no_text(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [Page("扫描件")])
    book = openpyxl.load_workbook(path)
    book["扫描件"].add_chart(openpyxl.chart.BarChart(), "A1")
    book.save(path)
    assert rejected(path).code == "no_text_layer"


# Delimited text


def test_commas_that_divide_figures_reject_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    head = f"{NAME}2023年度部门决算,,\n支出决算表,,\n单位：元,,\n科目名称,合计,基本支出\n"
    path.write_text(head + '合计,"1,234.50","1,234.50"\n农林水支出,5.00,5.00\n', encoding="utf-8")
    assert [str(a.printed_value) for a in parse_file(path).amounts] == ["1234.50", "1234.50", "5.00", "5.00"]
    path.write_text(head + "合计,1,234.50,5.00\n农林水支出,5.00,5.00\n", encoding="utf-8")
    refusal = rejected(path)
    assert refusal.code == "split_figures" and "line 5" in refusal.message


def test_the_line_that_names_its_delimiter_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=;\r\n项目;金额\r\n合计;1,5\r\n", encoding="utf-8")
    table = only_table(read_document(path))
    assert ([c.text for c in table.cells], table.row_numbers) == (["项目", "金额", "合计", "1,5"], (2, 3))


def test_rows_keep_the_lines_where_they_begin(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('项目,"财政\n拨款"\n甲,1.00\n\n乙,2.00\n', encoding="utf-8")
    assert only_table(read_document(path)).row_numbers == (1, 3, 5)


def test_text_that_nothing_divides_and_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("决算\n说明\n", encoding="utf-8")
    assert rejected(path).code == "no_delimiter"
    path.write_bytes(b"a,b\n\xff\xff\xff,1\n")
    assert rejected(path).code == "not_text"


# Real workbooks


def test_the_official_templates_are_templates(corpus: Path) -> None:
    for name in ("2026年区级部门预算模板.xlsx", "2026年区级单位预算模板.xls"):
        assert rejected(corpus / "documents" / "workbooks" / name).code == "template"


def test_the_real_self_evaluation_is_read_exactly(corpus: Path) -> None:
    from ingest.catalogue import catalogue
    from ingest.performance import read_performance

    path = corpus / "documents" / "workbooks" / "2021年度项目支出绩效自评表（就业补助资金）.xlsx"
    refusal = rejected(path)
    assert (refusal.code, refusal.page) == ("evaluation_only", 1)
    read = read_performance(read_document(path), catalogue())
    (project,) = read.projects
    assert (project.project_name, project.unit_name) == ("就业补助资金", "渝中区就业和人才中心")
    (money,) = read.executions
    assert (money.full_year_budget, money.executed, money.unit, money.source_row) == (Decimal(7574), Decimal(6643), "万元", 5)
    assert [i.source_row for i in read.indicators] == list(range(11, 27))
    assert sum(i.weight or 0 for i in read.indicators) == 100
    told = {i.indicator: (i.level1, i.initial_target, i.actual, i.weight_text) for i in read.indicators}
    assert told["新增区级创业孵化基地数量"] == ("数量指标", "≥1个", "3", "15")
    assert told["预算执行率"] == ("管理类指标", "≥90%", "88%", "8")  # stored as 0.88, printed as a percentage
    assert told["管理制度健全性"] == ("管理类指标", "健全", "较健全", "2")


def test_a_workbook_gives_what_the_printed_document_gives(root: Path, tmp_path: Path) -> None:
    """A sample as printed, its lines and cells put into a workbook, a sheet a page."""
    printed = root / "samples" / "disclosures" / "云岭省澜溪市畜牧兽医局2023年度部门决算.pdf"
    document = read_document(printed)
    pages = []
    for page in document.pages:
        sheet_page, row = Page(f"Page {page.number}"), 1
        for block in page.blocks:
            if isinstance(block, Line):
                sheet_page.text(row, 1, block.text)
                row += 1
                continue
            for cell in block.cells:
                spans = {"rows": cell.row_span, "columns": cell.column_span}
                sheet_page.cells.append(Put(row + cell.row - 1, cell.column, cell.text, "@", **spans))
            row += block.row_count
        pages.append(sheet_page)
    book = parse_file(write_xlsx(tmp_path / printed.with_suffix(".xlsx").name, pages))
    paper = parse_document(document, printed)

    def said(parsed: ParsedDocument) -> list[tuple[str | Decimal | None, ...]]:
        return [
            (a.form_code, a.side, a.row_code, a.row_label, a.column_code, a.printed_value, a.unit, str(a.source_page))
            for a in parsed.amounts
        ]

    assert said(book) == said(paper)
    assert len(book.claims) == len(paper.claims) > 0
    assert (len(book.projects), len(book.indicators)) == (len(paper.projects), len(paper.indicators)) == (3, 15)


def test_a_workbook_with_a_password_is_told(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "a.xls", [workbooks.summary()])
    content = bytearray(path.read_bytes())
    # As Office keeps a workbook with a password: an encrypted package in the place of the workbook.
    entry = content.index("Workbook".encode("utf-16-le"))
    name = "EncryptedPackage".encode("utf-16-le")
    package = content.copy()
    package[entry : entry + len(name)] = name
    package[entry + 64] = len(name) + 2
    (tmp_path / "a.xlsx").write_bytes(package)
    assert rejected(tmp_path / "a.xlsx").code == "encrypted"
    # As Excel did before: a record after the beginning of the workbook (here in the place of another) says so.
    beginning = content.index(b"\x09\x08\x10\x00")
    content[beginning + 20 : beginning + 22] = b"\x2f\x00"
    path.write_bytes(content)
    assert rejected(path).code == "encrypted"
