"""Cells that only know their spans, as HTML and Word write them, put at their places in a grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.document import Cell, Table
from ingest.parsed import Rejected

MAX_SPAN = 200  # columns or rows; a larger span is a slip, or an attack on memory
MAX_PLACES = 1_000_000  # places in one grid; thousands of rows by hundreds of columns


@dataclass(slots=True)
class SpanCell:
    """A cell of a row, with the number of rows and columns that it covers."""

    row_span: int
    column_span: int
    text: str = ""


@dataclass(slots=True)
class SpanRow:
    """The cells that begin in a row, from left to right."""

    cells: list[SpanCell] = field(default_factory=list)


def bounded_span(value: str | None) -> int:
    """A span as written in an attribute: 1 where it is missing or no number, at most ``MAX_SPAN``."""
    if not value or not value.isdecimal():
        return 1
    # Python refuses to read a number of thousands of digits.
    return MAX_SPAN if len(value.lstrip("0")) > len(str(MAX_SPAN)) else min(max(int(value), 1), MAX_SPAN)


def place(rows: Sequence[SpanRow]) -> Iterator[Cell]:
    """The cells at their places in the grid: each takes the first free column of its row, as a browser lays them out.

    Raises :class:`Rejected` for a grid of more than ``MAX_PLACES`` places.
    """
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows, start=1):
        column = 1
        for cell in row.cells:
            while (number, column) in taken:
                column += 1
            row_span = min(cell.row_span, len(rows) - number + 1)
            taken.update((number + r, column + c) for r in range(row_span) for c in range(cell.column_span))
            require_places(len(taken))
            yield Cell(number, column, cell.text.strip(), row_span, cell.column_span)
            column += cell.column_span


def require_places(count: int) -> None:
    """Raises :class:`Rejected` for a grid of more than ``MAX_PLACES`` places."""
    if count > MAX_PLACES:
        raise Rejected(
            "too_large",
            f"a table has more than {MAX_PLACES} cells, merged ones counted by what they cover",
            "split the file by department; if the table is small, save the file anew with another program",
        )


def placed_table(page: int, number: int, rows: Sequence[SpanRow]) -> Table:
    """The table that ``rows`` make, its rows numbered from 1."""
    cells = tuple(place(rows))
    width = max((c.column + c.column_span - 1 for c in cells), default=0)
    return Table(page, number, len(rows), width, cells, tuple(range(1, len(rows) + 1)))
