"""Tables of an evaluation as one sheet of rows, over pages, with positions that columns can be found by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Cell, Table
from ingest.numbers import has_digit

EDGE = 15.0  # points by which the frame of a table may shift from page to page

_RULE = re.compile(r"[-—－─_=:|\s]*")
_WRAPPED = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as a row sees it. ``left`` and ``right`` are points, or columns where the source has no positions.

    ``starts`` is false in the rows below its first that a merged cell covers.
    """

    text: str
    left: float
    right: float
    starts: bool

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    def is_within(self, left: float, right: float) -> bool:
        """Whether its middle lies in the range."""
        return left <= self.centre <= right

    def covers(self, point: float) -> bool:
        return self.left <= point <= self.right

    @property
    def prints(self) -> bool:
        """Whether it begins here and prints anything but a rule."""
        return self.starts and bool(self.text) and _RULE.fullmatch(self.text) is None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row with its place. ``opens_page`` marks the first row of a table that goes on from the page before."""

    page: int
    table: int
    row: int
    cells: tuple[SheetCell, ...]
    has_spans: bool
    opens_page: bool = False

    @property
    def printed(self) -> list[SheetCell]:
        return [cell for cell in self.cells if cell.prints]

    @property
    def has_figures(self) -> bool:
        return any(has_digit(cell.text) for cell in self.printed)

    @property
    def is_rule(self) -> bool:
        """Whether the row is a line of dashes, as OCR engines draw one."""
        texts = [cell.text for cell in self.cells if cell.text]
        return len(texts) > 1 and all(len(text) > 1 and _RULE.fullmatch(text) for text in texts)


def sheet_rows(tables: Sequence[Table]) -> list[SheetRow]:
    """The rows of a table and of the tables that continue it, top to bottom."""
    return [row for number, table in enumerate(tables) for row in _rows(table, is_continuation=number > 0)]


def fits(table: Table, other: Table) -> bool:
    """Whether the frame of one table could be that of the other, on the next page."""
    if table.box is not None and other.box is not None:
        return abs(table.box.x0 - other.box.x0) <= EDGE and abs(table.box.x1 - other.box.x1) <= EDGE
    # Text shows no empty cells at the end of a row: a continuation can be narrower.
    return other.column_count <= table.column_count


def _rows(table: Table, is_continuation: bool) -> Iterator[SheetRow]:
    has_boxes = all(cell.box is not None for cell in table.cells)
    by_row: dict[int, list[Cell]] = {}
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            by_row.setdefault(row, []).append(cell)
    for row in range(1, table.row_count + 1):
        cells = sorted(by_row.get(row, []), key=lambda cell: cell.column)
        yield SheetRow(
            table.page,
            table.number,
            table.row_numbers[row - 1],
            tuple(_sheet_cell(cell, row, has_boxes) for cell in cells),
            table.has_spans,
            is_continuation and row == 1,
        )


def _sheet_cell(cell: Cell, row: int, has_boxes: bool) -> SheetCell:
    if has_boxes and cell.box is not None:
        left, right = cell.box.x0, cell.box.x1
    else:
        left, right = float(cell.column), float(cell.column + cell.column_span)
    return SheetCell(unwrapped(cell.text), left, right, cell.row == row)


def unwrapped(text: str) -> str:
    """The text of a cell without its line breaks: Chinese is wrapped anywhere, words and numbers in Latin at a space."""
    lines = [line for line in _WRAPPED.split(text.strip()) if line]
    joined = ""
    for line in lines:
        is_word = joined[-1:].isascii() and joined[-1:].isalpha() and line[0].isascii() and line[0].isalpha()
        joined += (" " if is_word else "") + line
    return joined


def joined_cells(cells: Sequence[SheetCell]) -> str:
    """What several cells under one header print, left to right."""
    return "".join(cell.text for cell in sorted(cells, key=lambda cell: cell.left))
