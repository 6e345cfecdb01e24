"""Workbooks of Excel 97 to 2003 and of WPS (.xls)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import xlwt

from samples.render.document import Rendering
from samples.render.formats.sheets import Sheet, SheetCell, SheetStyle, lay_out

_ALIGN = {"left": xlwt.Alignment.HORZ_LEFT, "center": xlwt.Alignment.HORZ_CENTER, "right": xlwt.Alignment.HORZ_RIGHT}


def write_xls(rendering: Rendering, style: SheetStyle, path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    styles = cache(_style)  # a workbook holds four thousand styles at most
    for sheet in lay_out(rendering, style):
        _sheet(book.add_sheet(sheet.name), sheet, styles)
    book.save(str(path))


def _sheet(target: xlwt.Worksheet, sheet: Sheet, styles: Callable[..., xlwt.XFStyle]) -> None:
    target.portrait = not sheet.is_wide
    for x, width in enumerate(sheet.widths):
        target.col(x).width = int(width * 256)
    for (y, x), cell in sheet.cells.items():
        look = styles(cell.number_format, cell.align, (cell.size, cell.bold), cell.border, cell.wrap)
        _cell(target, y - 1, x - 1, cell, look)


def _cell(target: xlwt.Worksheet, y: int, x: int, cell: SheetCell, look: xlwt.XFStyle) -> None:
    value = "" if cell.value is None else cell.value if isinstance(cell.value, str) else float(cell.value)
    if cell.row_span > 1 or cell.column_span > 1:
        target.write_merge(y, y + cell.row_span - 1, x, x + cell.column_span - 1, value, look)
    else:
        target.write(y, x, value, look)


def _style(number_format: str, align: str, font: tuple[float, bool], border: bool, wrap: bool) -> xlwt.XFStyle:
    look = xlwt.XFStyle()
    look.num_format_str = number_format
    look.font.name, look.font.height, look.font.bold = "宋体", int(font[0] * 20), font[1]
    look.alignment.horz, look.alignment.vert = _ALIGN[align], xlwt.Alignment.VERT_CENTER
    look.alignment.wrap = int(wrap)
    if border:
        sides = look.borders
        sides.left = sides.right = sides.top = sides.bottom = xlwt.Borders.THIN
    return look
