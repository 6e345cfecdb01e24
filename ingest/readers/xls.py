"""Excel workbooks before 2007 (.xls): xlrd reads them, with their formats; macros are never run, and nothing is computed."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.compdoc import CompDoc

from ingest.document import Document
from ingest.parsed import Rejected
from ingest.readers.container import SAVE_ANEW
from ingest.readers.number_format import CHINESE_FORMATS, GENERAL
from ingest.readers.sheet import Printer, Sheet, SheetCell, document_of, formulas_without_results

MEDIA_TYPE = "application/vnd.ms-excel"
MAX_BYTES = 64 * 1024**2
_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = (
    xlrd.XL_CELL_TEXT,
    xlrd.XL_CELL_NUMBER,
    xlrd.XL_CELL_DATE,
    xlrd.XL_CELL_BOOLEAN,
    xlrd.XL_CELL_ERROR,
)

# Records of the binary format: beginnings of substreams, and formulas in their three versions.
_BEGINNINGS = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
_FORMULAS = frozenset({0x0006, 0x0206, 0x0406})
_RESULT = struct.Struct("<HHHB5xH")  # row, column, format, and of the result the first and the last two bytes
_NO_NUMBER, _EMPTY_TEXT = 0xFFFF, 3
_EMPTY_CONSTANT = b"\x17\x00"  # "" in a formula


def read_xls(path: Path) -> Document:
    """Read a workbook into the neutral document, a page for each sheet.

    Raises :class:`Rejected`: ``encrypted``, ``damaged`` or ``too_large``.
    """
    if path.stat().st_size > MAX_BYTES:
        raise Rejected("too_large", f"more than {MAX_BYTES // 1024**2} MiB", "save it without pictures, or split it")
    book = _load(path)
    _require_results(path, book.sheet_names())
    return document_of(MEDIA_TYPE, [_sheet(book, sheet, number) for number, sheet in enumerate(book.sheets(), start=1)])


def _load(path: Path) -> Any:
    try:
        return xlrd.open_workbook(str(path), formatting_info=True, ragged_rows=True, logfile=io.StringIO())
    except MemoryError:
        raise
    except Exception as error:  # the library raises whatever broken records lead it to
        message = " ".join(str(error).split())[:200]
        if "encrypted" in message.lower():
            raise Rejected("encrypted", "it asks for a password", "save a copy without a password") from error
        raise Rejected("damaged", f"the workbook cannot be read ({type(error).__name__}: {message})", SAVE_ANEW) from error


def _require_results(path: Path, names: list[str]) -> None:
    """Refuse a workbook of which no formula was ever computed.

    A program that writes formulas without computing them leaves an empty text as the result of each. So does a formula that says
    so (``=IF(A1=0,"",A1)``), but not a sum.
    """
    formulas = list(_formulas(path))
    if formulas and all(is_blank for *_, is_blank in formulas):
        sheet, row, column, _ = formulas[0]
        raise formulas_without_results(len(formulas), names[min(sheet, len(names) - 1)], row, column)


def _formulas(path: Path) -> Iterator[tuple[int, int, int, bool]]:
    """Sheet (from 0), row and column of each formula, and whether its result is blank although it cannot be."""
    container = CompDoc(path.read_bytes(), logfile=io.StringIO())
    stream = container.get_named_stream("Workbook") or container.get_named_stream("Book") or b""
    sheet, at = -2, 0  # the first substream is of the workbook itself
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind in _BEGINNINGS:
            sheet += 1
        elif kind in _FORMULAS and length >= _RESULT.size:
            row, column, _, result_kind, mark = _RESULT.unpack_from(body)
            is_blank = mark == _NO_NUMBER and result_kind == _EMPTY_TEXT and _EMPTY_CONSTANT not in body[_RESULT.size :]
            yield max(sheet, 0), row + 1, column + 1, is_blank


def _sheet(book: Any, sheet: Any, number: int) -> Sheet:
    printer = Printer(number, sheet.name, from_1904=book.datemode == 1)
    spans = {(top, left): (bottom - top, right - left) for top, bottom, left, right in sheet.merged_cells}
    cells: list[SheetCell] = []
    framed_rows: set[int] = set()
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            left, right = _sides(book, sheet, row, column)
            if left or right:
                framed_rows.add(row + 1)
            text = _text(book, sheet, printer, row, column)
            if text:
                height, width = spans.get((row, column), (1, 1))
                last = column + width - 1
                framed = left or _sides(book, sheet, row, last)[1] or _touched(book, sheet, row, column, last)
                cells.append(SheetCell(row + 1, column + 1, text, height, width, framed))
    return Sheet(
        number,
        sheet.name,
        cells,
        hidden_rows=frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0),
        hidden_columns=frozenset(column + 1 for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0),
        framed_rows=frozenset(framed_rows),
        is_hidden=sheet.visibility != 0,
        remarks=list(printer.remarks()),
    )


def _touched(book: Any, sheet: Any, row: int, first: int, last: int) -> bool:
    """Whether the neighbours of a cell draw a line at its sides."""
    return (first > 0 and _sides(book, sheet, row, first - 1)[1]) or _sides(book, sheet, row, last + 1)[0]


def _sides(book: Any, sheet: Any, row: int, column: int) -> tuple[bool, bool]:
    if column >= sheet.row_len(row):
        return False, False
    index = sheet.cell_xf_index(row, column)
    if not 0 <= index < len(book.xf_list):
        return False, False
    border = book.xf_list[index].border
    return border.left_line_style > 0, border.right_line_style > 0


def _text(book: Any, sheet: Any, printer: Printer, row: int, column: int) -> str:
    """What a cell prints."""
    kind = sheet.cell_type(row, column)
    if kind not in (_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR):
        return ""
    value = sheet.cell_value(row, column)
    if kind == _ERROR:
        return str(error_text_from_code.get(value, "#N/A"))
    if kind == _BOOLEAN:
        return "TRUE" if value else "FALSE"
    code = _format(book, sheet.cell_xf_index(row, column))
    if kind == _TEXT:
        return printer.text(str(value), code, row + 1, column + 1)
    return printer.figure(_whole(value), code, row + 1, column + 1)


def _format(book: Any, index: int) -> str:
    if not 0 <= index < len(book.xf_list):
        return GENERAL
    key = book.xf_list[index].format_key
    known = book.format_map.get(key)
    return CHINESE_FORMATS.get(key) or (known.format_str if known is not None else None) or GENERAL


def _whole(value: float) -> float:
    """A whole number as an integer: the format knows but binary numbers."""
    return int(value) if value.is_integer() and abs(value) < 10**15 else value
