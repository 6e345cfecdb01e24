"""OpenDocument sheets (.ods): what a cell shows stands in its paragraphs, so nothing has to be formatted or computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from ingest.document import Document
from ingest.parsed import Rejected
from ingest.readers.container import open_container
from ingest.readers.number_format import GENERAL
from ingest.readers.sheet import (
    MAX_CELLS,
    Printer,
    Sheet,
    SheetCell,
    clean,
    document_of,
    formulas_without_results,
    too_many_cells,
)

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384  # of a sheet: repetitions beyond are meaningless
FEW = 1000  # empty rows in one run that are remembered one by one
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
# What stands in a paragraph and is not part of its text.
_BESIDE = frozenset({f"{_OFFICE}annotation", f"{_DRAW}frame", f"{_TEXT}note", f"{_TEXT}ruby-text"})
_NUMBERS = frozenset({"float", "percentage", "currency"})


def read_ods(path: Path) -> Document:
    """Read an OpenDocument sheet into the neutral document, a page for each sheet.

    Raises :class:`Rejected`: as :func:`open_container` does, ``encrypted``, ``damaged``, ``too_large`` or
    ``formula_without_result``.
    """
    with open_container(path) as container:
        if MANIFEST in container and b"encryption-data" in container.read(MANIFEST):
            raise Rejected("encrypted", "it asks for a password", "save a copy without a password")
        root = container.xml(CONTENT)
    styles = _Styles.of(root)
    tables = root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table")
    sheets = [_SheetReader(table, number, styles).read() for number, table in enumerate(tables, start=1)]
    if not sheets:
        raise Rejected("damaged", f"{CONTENT} holds no sheet", "open it in an office program and save it anew")
    return document_of(MEDIA_TYPE, sheets)


@dataclass(frozen=True, slots=True)
class _Styles:
    """By the name of a style: the sides of a cell at which lines are drawn, and whether a sheet is shown."""

    sides: dict[str, tuple[bool, bool]]
    hidden: frozenset[str]

    @classmethod
    def of(cls, root: etree._Element) -> _Styles:
        sides: dict[str, tuple[bool, bool]] = {}
        hidden: set[str] = set()
        for style in root.iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style"):
            name = style.get(f"{_STYLE}name", "")
            cell = style.find(f"{_STYLE}table-cell-properties")
            if cell is not None:
                whole = cell.get(f"{_FO}border")
                left, right = (cell.get(f"{_FO}border-{side}", whole) for side in ("left", "right"))
                sides[name] = _is_line(left), _is_line(right)
            table = style.find(f"{_STYLE}table-properties")
            if table is not None and table.get(f"{_TABLE}display") == "false":
                hidden.add(name)
        return cls(sides, frozenset(hidden))

    def of_cell(self, name: str | None) -> tuple[bool, bool]:
        return self.sides.get(name or "", (False, False))


def _is_line(border: str | None) -> bool:
    return bool(border) and "none" not in (border or "").split()


@dataclass(slots=True)
class _SheetReader:
    """Reads one sheet. Rows and columns that repeat an empty one are counted, never made."""

    table: etree._Element
    number: int
    styles: _Styles
    cells: list[SheetCell] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    framed_rows: set[int] = field(default_factory=set)
    column_styles: list[tuple[int, str]] = field(default_factory=list)  # (last column, default style of its cells)
    missing: list[tuple[int, int]] = field(default_factory=list)  # formulas without a result
    has_image: bool = False

    def read(self) -> Sheet:
        name = self.table.get(f"{_TABLE}name", "")
        printer = Printer(self.number, name)
        self._columns()
        row = 1
        for element in self.table.iter(f"{_TABLE}table-row"):
            row += self._row(element, row, printer)
            if row > MAX_ROWS:
                break
        self.has_image = next(self.table.iter(f"{_DRAW}frame"), None) is not None
        is_hidden = self.table.get(f"{_TABLE}style-name") in self.styles.hidden
        missing = [(r, c) for r, c in self.missing if r not in self.hidden_rows and c not in self.hidden_columns]
        if missing and not is_hidden:
            raise formulas_without_results(len(missing), name, *missing[0])
        return Sheet(
            self.number,
            name,
            self.cells,
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
            framed_rows=frozenset(self.framed_rows),
            is_hidden=is_hidden,
            has_image=self.has_image,
            remarks=list(printer.remarks()),
        )

    def _columns(self) -> None:
        column = 1
        for element in self.table.iter(f"{_TABLE}table-column"):
            end = min(column + _repeated(element, f"{_TABLE}number-columns-repeated"), MAX_COLUMNS + 1)
            if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
                self.hidden_columns.update(range(column, end))
            self.column_styles.append((end - 1, element.get(f"{_TABLE}default-cell-style-name", "")))
            column = end

    def _row(self, element: etree._Element, row: int, printer: Printer) -> int:
        """Read a row; return how many rows of the sheet it stands for."""
        repeated = min(_repeated(element, f"{_TABLE}number-rows-repeated"), MAX_ROWS - row + 1)
        found: list[SheetCell] = []
        framed = False
        column = 1
        right_of_last = False
        for cell in element.iterchildren(*_CELLS):
            width = min(_repeated(cell, f"{_TABLE}number-columns-repeated"), MAX_COLUMNS - column + 1)
            left, right = self.styles.of_cell(cell.get(f"{_TABLE}style-name") or self._default_style(element, column))
            framed |= left or right
            if found and found[-1].last_column == column - 1 and left:
                found[-1] = _framed(found[-1])
            if cell.tag == _CELLS[0]:
                text = self._text(cell, printer, row, column)
                if text:
                    spans = (
                        min(_repeated(cell, f"{_TABLE}number-rows-spanned"), MAX_ROWS),
                        min(_repeated(cell, f"{_TABLE}number-columns-spanned"), MAX_COLUMNS),
                    )
                    is_framed = left or right or right_of_last
                    found.extend(SheetCell(row, column + i, text, *spans, is_framed) for i in range(width))
            right_of_last = right
            column += width
            if column > MAX_COLUMNS:
                break
        if element.get(f"{_TABLE}visibility") in ("collapse", "filter") and (found or repeated <= FEW):
            self.hidden_rows.update(range(row, row + repeated))
        if len(self.cells) + len(found) * repeated > MAX_CELLS:
            raise too_many_cells()
        if found:
            for index in range(repeated):
                self.cells.extend(_moved(c, index) for c in found)
        if framed:
            self.framed_rows.update(range(row, row + min(repeated, FEW)))
        return repeated

    def _default_style(self, row: etree._Element, column: int) -> str:
        own: str = row.get(f"{_TABLE}default-cell-style-name", "")
        return own or next((style for last, style in self.column_styles if column <= last), "")

    def _text(self, cell: etree._Element, printer: Printer, row: int, column: int) -> str:
        paragraphs = [_text_of(p) for p in cell.iterchildren(f"{_TEXT}p")]
        text = clean("\n".join(paragraphs))
        kind = cell.get(f"{_OFFICE}value-type")
        if cell.get(f"{_TABLE}formula") is not None and kind is None and not text:
            self.missing.append((row, column))
        if text or paragraphs or kind not in _NUMBERS:
            return text
        # Written by a program that leaves out what is shown: an office program would print the value.
        try:
            value = float(cell.get(f"{_OFFICE}value", ""))
        except ValueError:
            return ""
        if not value:
            return ""  # nor does an office program write what a format hides, which is most often a zero
        printer.unprinted(row, column)
        return printer.figure(int(value) if value.is_integer() else value, GENERAL, row, column)


def _framed(cell: SheetCell) -> SheetCell:
    return SheetCell(cell.row, cell.column, cell.text, cell.row_span, cell.column_span, True)


def _moved(cell: SheetCell, rows: int) -> SheetCell:
    return SheetCell(cell.row + rows, cell.column, cell.text, cell.row_span, cell.column_span, cell.is_framed)


def _repeated(element: etree._Element, attribute: str) -> int:
    text = element.get(attribute, "1")
    return max(int(text), 1) if text.isdecimal() and len(text) <= 9 else 1


def _text_of(element: etree._Element) -> str:
    """The text of a paragraph with its spaces, tabs and line breaks, without annotations and drawings."""
    return (element.text or "") + "".join(_pieces(element))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " " * min(_repeated(child, f"{_TEXT}c"), 1000)
        elif child.tag == f"{_TEXT}tab":
            yield " "
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag not in _BESIDE:
            yield _text_of(child)
        yield child.tail or ""
