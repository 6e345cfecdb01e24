"""Excel workbooks (.xlsx, .xlsm, .xltx): openpyxl reads them; macros are never run, and nothing is computed.

What openpyxl does not tell is looked up in the sheet's XML: formulas that have no stored result, and pictures. A sheet in which
thousands of empty cells are formatted is read without them, since the library would make an object of each.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any, BinaryIO

from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from ingest.document import Document
from ingest.parsed import Rejected
from ingest.readers.container import SAVE_ANEW, Container, open_container
from ingest.readers.number_format import CHINESE_FORMATS, GENERAL
from ingest.readers.sheet import (
    MAX_CELLS,
    Printer,
    Sheet,
    SheetCell,
    document_of,
    formulas_without_results,
    too_many_cells,
)

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MANY = 20_000  # rows or cells of a sheet from which the empty ones are taken out first
WORKBOOK = "xl/workbook.xml"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_EMPTY_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]*)?/>|<(?P<name>(?:\w+:)?c)(?:\s[^<>]*)?></(?P=name)>")
_EMPTY_ROW = re.compile(rb"<(?:\w+:)?row(?:\s[^<>]*)?/>|<(?P<name>(?:\w+:)?row)(?:\s[^<>]*)?>\s*</(?P=name)>")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?ref\s*=\s*[\"']([A-Za-z0-9:$]+)[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_PICTURE = re.compile(rb"<(?:\w+:)?(?:drawing|legacyDrawing|picture)\s")
_TEXT_RESULTS = frozenset({"str", "s", "inlineStr"})  # an empty text is a result, too: =IF(A1=0,"",A1)


@dataclass(frozen=True, slots=True)
class _Formula:
    row: int
    column: int
    result: str | None  # None: never computed


@dataclass(frozen=True, slots=True)
class _Part:
    """The XML of one sheet, and what it tells that the library does not."""

    path: str
    formulas: tuple[_Formula, ...]
    has_drawing: bool


def read_xlsx(path: Path) -> Document:
    """Read a workbook into the neutral document, a page for each sheet.

    Raises :class:`Rejected`: as :func:`open_container` does, ``damaged``, ``too_large``, or ``formula_without_result``.
    """
    with open_container(path) as container:
        container.refuse_document_types()
        paths, recomputes = _sheet_paths(container)
        parts: dict[str, _Part] = {}
        slim: dict[str, bytes] = {}
        for name, part in paths.items():
            xml = container.read(part)
            _limit(xml)
            reduced = _without_emptiness(xml)
            if reduced is not xml:
                slim[part] = reduced
            parts[name] = _Part(part, tuple(_formulas(reduced, part)), _PICTURE.search(xml) is not None)
        if sum(len(_CELL.findall(slim.get(part) or container.read(part))) for part in paths.values()) > MAX_CELLS:
            raise too_many_cells()
        if slim:
            workbook = _load(_rewritten(container, slim))
        else:
            with path.open("rb") as handle:  # given a path, the library judges a file by its suffix
                workbook = _load(handle)
    if recomputes and all(_is_zero(f.result) for part in parts.values() for f in part.formulas):
        # Written by a program that computes nothing, with 0 in place of each result, to be computed when it is opened.
        parts = {
            name: _Part(p.path, tuple(_Formula(f.row, f.column, None) for f in p.formulas), p.has_drawing)
            for name, p in parts.items()
        }
    sheets = [_sheet(workbook, number, name, parts.get(name)) for number, name in enumerate(workbook.sheetnames, start=1)]
    _require_results(sheets, parts)
    return document_of(MEDIA_TYPE, sheets)


def _sheet_paths(container: Container) -> tuple[dict[str, str], bool]:
    """The entry of each sheet by its name, and whether the workbook asks to be computed anew on opening."""
    workbook_path = next((name for name in container.names if name.lower() == WORKBOOK), WORKBOOK)
    root = container.xml(workbook_path)
    if "purl.oclc.org" in (etree.QName(root).namespace or ""):
        raise Rejected("unsupported_format", "a workbook in the strict variant of Open XML", "save it as an ordinary .xlsx")
    folder = dirname(workbook_path)
    relations = container.xml(f"{folder}/_rels/workbook.xml.rels")
    targets = {r.get("Id"): r.get("Target", "") for r in relations.iterfind("{*}Relationship")}
    paths: dict[str, str] = {}
    for sheet in root.iterfind("{*}sheets/{*}sheet"):
        target = targets.get(sheet.get(_RELATIONSHIP), "")
        entry = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
        if entry in container and "worksheets" in entry:
            paths[sheet.get("name", "")] = entry
    calculation = root.find("{*}calcPr")
    recomputes = calculation is not None and calculation.get("fullCalcOnLoad") in ("1", "true")
    return paths, recomputes


def _limit(xml: bytes) -> None:
    """Refuse merged ranges that cover more cells than are read: the library makes an object of each cell."""
    covered = 0
    for found in _MERGED.finditer(xml):
        try:
            left, top, right, bottom = (int(place or 0) for place in range_boundaries(found[1].decode("ascii")))
        except ValueError as error:
            raise Rejected("damaged", f"a merged range is called {found[1]!r}", SAVE_ANEW) from error
        covered += (right - left + 1) * (bottom - top + 1)
    if covered > MAX_CELLS:
        raise Rejected("too_large", f"its merged ranges cover {covered} cells, more than {MAX_CELLS}", "unmerge what is empty")


def _without_emptiness(xml: bytes) -> bytes:
    """A sheet's XML without empty cells and rows, if there are very many; else itself."""
    if sum(1 for _ in _CELL.finditer(xml)) <= MANY and sum(1 for _ in _ROW.finditer(xml)) <= MANY:
        return xml
    return _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", xml))


def _formulas(xml: bytes, place: str) -> Iterator[_Formula]:
    if not _FORMULA.search(xml):
        return
    try:
        row = 0
        for _, cell in etree.iterparse(io.BytesIO(xml), tag="{*}c", resolve_entities=False, no_network=True):
            formula, value = cell.find("{*}f"), cell.find("{*}v")
            if formula is not None:
                left, top, _, _ = range_boundaries(cell.get("r") or f"A{row + 1}")
                row = top or row
                text = value.text if value is not None else None
                has_text = cell.get("t") in _TEXT_RESULTS and value is not None
                yield _Formula(row, left or 1, (text or "") if has_text or text else None)
            cell.clear()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Rejected("damaged", f"{place} is not XML ({error})", "download it again") from error


def _is_zero(result: str | None) -> bool:
    return result in (None, "0")


def _rewritten(container: Container, replaced: dict[str, bytes]) -> io.BytesIO:
    """The workbook again, in memory, with some entries replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(container.names):
            if not name.endswith("/") and "/media/" not in name:
                archive.writestr(name, replaced.get(name) or container.read(name))
    target.seek(0)
    return target


def _load(source: BinaryIO) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the library does not keep when it writes a workbook
            return load_workbook(source, data_only=True, keep_links=False, rich_text=False)
    except (MemoryError, Rejected):
        raise
    except Exception as error:  # the library raises whatever a broken part leads it to
        message = " ".join(str(error).split())[:200]
        raise Rejected("damaged", f"the workbook cannot be read ({type(error).__name__}: {message})", SAVE_ANEW) from error


def _sheet(workbook: Workbook, number: int, name: str, part: _Part | None) -> Sheet:
    worksheet = workbook[name]
    is_hidden = worksheet.sheet_state != "visible"
    if not isinstance(worksheet, Worksheet):
        return Sheet(number, name, is_hidden=is_hidden, has_image=True)  # a chart
    printer = Printer(number, name, from_1904=workbook.epoch == CALENDAR_MAC_1904)
    spans = {
        (r.min_row, r.min_col): (r.max_row - r.min_row + 1, r.max_col - r.min_col + 1) for r in worksheet.merged_cells.ranges
    }
    # The cells that the file has: to ask for rows and columns would make one for every place up to the last.
    stored: dict[tuple[int, int], Any] = worksheet._cells
    sides = partial(_sides, stored, {})
    cells = []
    for (row, column), cell in sorted(stored.items()):
        if cell.value is None:
            continue
        text = _text(cell, printer, workbook)
        if text:
            row_span, column_span = spans.get((row, column), (1, 1))
            framed = any(sides(row, column)) or sides(row, column - 1)[1] or sides(row, column + column_span)[0]
            cells.append(SheetCell(row, column, text, row_span, column_span, framed))
    return Sheet(
        number,
        name,
        cells,
        hidden_rows=frozenset(
            row for row, dimension in worksheet.row_dimensions.items() if dimension.hidden or dimension.height == 0
        ),
        hidden_columns=frozenset(_hidden_columns(worksheet)),
        framed_rows=frozenset(row for row, column in stored if any(sides(row, column))),
        is_hidden=is_hidden,
        has_image=part is not None and part.has_drawing,
        remarks=list(printer.remarks()),
    )


def _hidden_columns(worksheet: Worksheet) -> Iterator[int]:
    for dimension in worksheet.column_dimensions.values():
        if dimension.hidden or dimension.width == 0:
            yield from range(dimension.min, dimension.max + 1)


def _sides(stored: dict[tuple[int, int], Any], known: dict[int, tuple[bool, bool]], row: int, column: int) -> tuple[bool, bool]:
    """Whether lines are drawn at the left and at the right of a cell; looked up once for each border of the workbook."""
    cell = stored.get((row, column))
    if cell is None:
        return False, False
    identifier = cell._style.borderId
    if identifier not in known:
        border = cell.border
        known[identifier] = bool(border.left and border.left.style), bool(border.right and border.right.style)
    return known[identifier]


def _text(cell: Any, printer: Printer, workbook: Workbook) -> str:
    """What a cell prints."""
    value, row, column = cell.value, cell.row, cell.column
    if cell.data_type == "e":
        return str(value)
    if isinstance(value, bool):
        return str(value).upper()
    code = cell.number_format
    if isinstance(value, str):
        return printer.text(unescape(value), code, row, column)
    identifier = cell._style.numFmtId
    if identifier in CHINESE_FORMATS:
        code = CHINESE_FORMATS[identifier]
    if isinstance(value, date | datetime | time | timedelta):
        value = to_excel(value, workbook.epoch)
    return printer.figure(value, code or GENERAL, row, column)


def _require_results(sheets: list[Sheet], parts: dict[str, _Part]) -> None:
    """Refuse a workbook if a formula that is shown has no stored result."""
    missing = [
        (sheet.name, formula.row, formula.column)
        for sheet in sheets
        if not sheet.is_hidden and sheet.name in parts
        for formula in parts[sheet.name].formulas
        if formula.result is None and formula.row not in sheet.hidden_rows and formula.column not in sheet.hidden_columns
    ]
    if missing:
        raise formulas_without_results(len(missing), *missing[0])
