"""One small disclosure as a workbook, written as xlsx, xls and ods by other hands than ours."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import xlwt
from openpyxl.styles import Border, Side

MONEY = "#,##0.00"


@dataclass(frozen=True, slots=True)
class Put:
    """What stands in a cell: a text or a number with its format, over ``rows`` and ``columns``; ``shown`` is what ods shows."""

    row: int
    column: int
    value: str | float | None
    form: str = "General"
    rows: int = 1
    columns: int = 1
    frame: bool = True
    shown: str = ""


@dataclass(slots=True)
class Page:
    name: str
    cells: list[Put] = field(default_factory=list)
    state: str = "visible"
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()

    def text(self, row: int, column: int, value: str, columns: int = 1, rows: int = 1) -> Page:
        """Text without a frame."""
        self.cells.append(Put(row, column, value, "General", rows, columns, frame=False))
        return self

    def table(self, row: int, column: int, matrix: Sequence[Sequence[str | float | None]], form: str = MONEY) -> Page:
        """Framed cells; ``<`` goes on with the cell to the left, ``^`` with the one above."""
        for r, line in enumerate(matrix):
            for c, value in enumerate(line):
                if value in ("<", "^"):
                    continue
                columns = _run([*line[c + 1 :]], "<")
                rows = _run([other[c] if c < len(other) else None for other in matrix[r + 1 :]], "^")
                put = form if isinstance(value, float) else "General"
                shown = f"{value:,.2f}" if isinstance(value, float) else str(value if value is not None else "")
                self.cells.append(Put(row + r, column + c, value, put, rows + 1, columns + 1, True, shown))
        return self


def _run(values: Sequence[object], mark: str) -> int:
    count = 0
    for value in values:
        if value != mark:
            break
        count += 1
    return count


def is_formula(value: object) -> bool:
    return isinstance(value, str) and re.match("=[A-Z]", value) is not None


def write_xlsx(path: Path, pages: Sequence[Page]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    line = Side(style="thin")
    for page in pages:
        sheet = book.create_sheet(page.name)
        sheet.sheet_state = page.state
        for put in page.cells:
            cell = sheet.cell(put.row, put.column, put.value)
            cell.number_format = put.form
            if isinstance(put.value, str):
                cell.data_type = "f" if is_formula(put.value) else "s"
            for r in range(put.row, put.row + put.rows) if put.frame else ():
                for c in range(put.column, put.column + put.columns):
                    sheet.cell(r, c).border = Border(line, line, line, line)
            if put.rows * put.columns > 1:
                sheet.merge_cells(None, put.row, put.column, put.row + put.rows - 1, put.column + put.columns - 1)
        for row in page.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        for column in page.hidden_columns:
            sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].hidden = True
    book.save(path)
    return path


def write_xls(path: Path, pages: Sequence[Page]) -> Path:
    book = xlwt.Workbook()
    for page in pages:
        sheet = book.add_sheet(page.name)
        sheet.visibility = {"visible": 0, "hidden": 1, "veryHidden": 2}[page.state]
        for put in page.cells:
            style = xlwt.easyxf(
                "borders: left thin, right thin, top thin, bottom thin" if put.frame else "", num_format_str=put.form
            )
            last = (put.row + put.rows - 2, put.column + put.columns - 2)
            value = xlwt.Formula(put.value[1:]) if is_formula(put.value) else put.value
            if last != (put.row - 1, put.column - 1):
                sheet.write_merge(put.row - 1, last[0], put.column - 1, last[1], value, style)
            else:
                sheet.write(put.row - 1, put.column - 1, value, style)
        for row in page.hidden_rows:
            sheet.row(row - 1).hidden = True
        for column in page.hidden_columns:
            sheet.col(column - 1).hidden = True
    book.save(str(path))
    return path


_ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"><office:automatic-styles>
<style:style style:name="f" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000"/></style:style>
<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"""
_TRAILING_COLUMNS = '<table:table-cell table:number-columns-repeated="16000"/>'
_TRAILING_ROWS = f'<table:table-row table:number-rows-repeated="1048000">{_TRAILING_COLUMNS}</table:table-row>'


def write_ods(path: Path, pages: Sequence[Page]) -> Path:
    return pack_ods(path, _ODS.format("".join(map(_ods_table, pages))))


def pack_ods(path: Path, content: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def _ods_table(page: Page) -> str:
    width = max((p.column + p.columns - 1 for p in page.cells), default=1)
    height = max((p.row + p.rows - 1 for p in page.cells), default=1)
    style = ' table:style-name="h"' if page.state != "visible" else ""
    columns = "".join(f"<table:table-column{_collapsed(c in page.hidden_columns)}/>" for c in range(1, width + 1))
    rows = "".join(_ods_row(page, r, width) for r in range(1, height + 1))
    return f'<table:table table:name="{page.name}"{style}>{columns}{rows}{_TRAILING_ROWS}</table:table>'


def _collapsed(is_hidden: bool) -> str:
    return ' table:visibility="collapse"' if is_hidden else ""


def _ods_row(page: Page, row: int, width: int) -> str:
    starting = {p.column: p for p in page.cells if p.row == row}
    covered = {
        c
        for p in page.cells
        for c in range(p.column, p.column + p.columns)
        if p.row <= row < p.row + p.rows and (p.row, p.column) != (row, c)
    }
    cells = ""
    for column in range(1, width + 1):
        put = starting.get(column)
        if column in covered:
            cells += "<table:covered-table-cell/>"
        elif put is None:
            cells += "<table:table-cell/>"
        else:
            cells += _ods_cell(put)
    return f"<table:table-row{_collapsed(row in page.hidden_rows)}>{cells}{_TRAILING_COLUMNS}</table:table-row>"


def _ods_cell(put: Put) -> str:
    style = ' table:style-name="f"' if put.frame else ""
    spans = f' table:number-rows-spanned="{put.rows}" table:number-columns-spanned="{put.columns}"'
    if is_formula(put.value):
        return f'<table:table-cell{style}{spans} table:formula="of:{put.value}"/>'
    if put.value is None:
        return f"<table:table-cell{style}{spans}/>"
    kind = f' office:value-type="float" office:value="{put.value}"' if isinstance(put.value, float) else ""
    shown = put.shown or str(put.value)
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown.split("\n"))
    return f"<table:table-cell{style}{spans}{kind}>{paragraphs}</table:table-cell>"


WRITERS = {".xlsx": write_xlsx, ".xls": write_xls, ".ods": write_ods}

NAME = "云岭省澜溪市水务局"
PROSE = (
    "一、收入支出决算总体情况说明\n"
    "2023年度收入总计、支出总计均为110.00万元，与2022年度相比，增加10.00万元，增长10.00%。\n"
    "二、支出决算情况说明\n"
    "2023年度支出合计100.00万元，其中：基本支出40.00万元，占40.00%；项目支出60.00万元，占60.00%。"
)


def cover() -> Page:
    return Page("封面").text(3, 1, f"{NAME}2023年度部门决算", columns=8)


def prose() -> Page:
    return Page("情况说明").text(1, 1, "2023年度部门决算情况说明", columns=8).text(3, 1, PROSE, columns=8, rows=14)


def summary() -> Page:
    """Two sides; the sheet begins in column B, and its title and unit stand over it."""
    page = Page("收支总表").text(1, 2, "收入支出决算总表", columns=4).text(2, 5, "公开01表")
    page.text(3, 2, f"部门：{NAME}").text(3, 5, "单位：万元")
    return page.table(
        4,
        2,
        [
            ["收入", "<", "支出", "<"],
            ["项目", "决算数", "项目", "决算数"],
            ["一、一般公共预算财政拨款收入", 100.0, "一、农林水支出", 100.0],
            ["二、政府性基金预算财政拨款收入", None, "二、其他支出", None],
            ["本年收入合计", 100.0, "本年支出合计", 100.0],
            ["年初结转和结余", 10.0, "年末结转和结余", 10.0],
            ["总计", 110.0, "总计", 110.0],
        ],
    ).text(11, 2, "注：本表反映部门本年度的总收支和年末结转结余情况。", columns=4)


def stacked() -> Page:
    """Two forms on one sheet, an empty row between them: codes in one column, then in three under a header of three rows."""
    page = Page("收入和支出").text(1, 1, "收入决算表", columns=5).text(2, 1, f"部门：{NAME}", columns=4).text(2, 5, "单位：万元")
    page.table(
        3,
        1,
        [
            ["项目", "<", "本年收入合计", "财政拨款收入", "其他收入"],
            ["科目编码", "科目名称", "^", "^", "^"],
            ["合计", "<", 100.0, 100.0, 0.0],
            [213.0, "农林水支出", 100.0, 100.0, 0.0],
            [21303.0, "水利", 100.0, 100.0, 0.0],
        ],
    )
    page.cells = [_as_code(p) if p.value in (213.0, 21303.0) else p for p in page.cells]
    page.text(9, 1, "支出决算表", columns=7).text(10, 1, f"部门：{NAME}", columns=6).text(10, 7, "单位：万元")
    return page.table(
        11,
        1,
        [
            ["项目", "<", "<", "<", "本年支出合计", "基本支出", "项目支出"],
            ["功能分类科目编码", "<", "<", "科目名称", "^", "^", "^"],
            ["类", "款", "项", "^", "^", "^", "^"],
            ["合计", "<", "<", "<", 100.0, 40.0, 60.0],
            ["213", None, None, "农林水支出", 100.0, 40.0, 60.0],
            ["213", "03", None, "水利", 100.0, 40.0, 60.0],
            ["213", "03", "01", "行政运行", 40.0, 40.0, None],
            ["213", "03", "05", "水利工程建设", 60.0, None, "６０.００ "],
        ],
    ).text(19, 1, "注：本表反映部门本年度各项支出情况。", columns=7)


def _as_code(put: Put) -> Put:
    return Put(put.row, put.column, put.value, "General", put.rows, put.columns, True, f"{put.value:.0f}")


def disclosure() -> list[Page]:
    return [cover(), prose(), summary(), stacked()]
