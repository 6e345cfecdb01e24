"""Workbooks of Excel and WPS (.xlsx)."""

from __future__ import annotations

import datetime
import io
import re
from pathlib import Path

from lxml import etree
from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from samples.render.document import Rendering
from samples.render.formats.settle import STAMP, pack, unpack
from samples.render.formats.sheets import Sheet, SheetCell, SheetStyle, lay_out

_SIDE = Side(style="thin")
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def write_xlsx(rendering: Rendering, style: SheetStyle, path: Path) -> None:
    """Write the file; an empty sheet at the end, as users leave it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    when = datetime.datetime.fromisoformat(STAMP.rstrip("Z"))
    book.properties = DocumentProperties(creator="juesuan samples", title=rendering.title, created=when, modified=when)
    formulas: dict[str, dict[str, str]] = {}
    sheets = lay_out(rendering, style)
    for number, sheet in enumerate(sheets, 1):
        _sheet(book.create_sheet(sheet.name), sheet)
        computed = {f"{get_column_letter(x)}{y}": c.formula for (y, x), c in sheet.cells.items() if c.formula}
        formulas[f"xl/worksheets/sheet{number}.xml"] = computed
    book.create_sheet("Sheet1")
    book.save(path)
    entries = unpack(path)
    # The library stamps the time of writing, and cannot write a formula beside its last result.
    core = entries["docProps/core.xml"].decode()
    entries["docProps/core.xml"] = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{STAMP}", core).encode()
    for name, computed in formulas.items():
        if computed:
            entries[name] = _with_formulas(entries[name], computed)
    pack(path, entries)


def _sheet(target: Worksheet, sheet: Sheet) -> None:
    target.page_setup.orientation = "landscape" if sheet.is_wide else "portrait"
    target.page_setup.paperSize = 9
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.page_setup.fitToHeight = 0
    for x, width in enumerate(sheet.widths, 1):
        target.column_dimensions[get_column_letter(x)].width = width
    for y, height in sheet.heights.items():
        target.row_dimensions[y].height = height
    for (y, x), cell in sheet.cells.items():
        _cell(target, y, x, cell)


def _cell(target: Worksheet, y: int, x: int, cell: SheetCell) -> None:
    first = target.cell(y, x)
    first.value = cell.value if cell.value is None or isinstance(cell.value, str) else float(cell.value)
    if isinstance(cell.value, str):
        first.data_type = "s"  # "=100%" is a target here, not a formula
    first.number_format = cell.number_format
    first.font = Font(name="宋体", size=cell.size, bold=cell.bold)
    first.alignment = Alignment(horizontal=cell.align, vertical="center", wrap_text=cell.wrap)
    if cell.border:
        for row in range(y, y + cell.row_span):
            for column in range(x, x + cell.column_span):
                target.cell(row, column).border = _BORDER
    if cell.row_span > 1 or cell.column_span > 1:
        target.merge_cells(start_row=y, start_column=x, end_row=y + cell.row_span - 1, end_column=x + cell.column_span - 1)


def _with_formulas(content: bytes, formulas: dict[str, str]) -> bytes:
    tree = etree.parse(io.BytesIO(content))
    for cell in tree.iter(f"{{{_MAIN}}}c"):
        formula = formulas.get(cell.get("r"))
        if formula:
            element = etree.Element(f"{{{_MAIN}}}f")
            element.text = formula
            cell.insert(0, element)
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))
