"""HTML tables inside text: rows of cells with their spans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from ingest.document import Cell

_MATHEMATICS = re.compile(r"\$\s*([^$]*?)\s*\$")  # some engines write numbers as formulas: $1.50$
MAX_SPAN = 200  # columns or rows; a larger span is a slip, or an attack on memory


@dataclass(slots=True)
class HtmlCell:
    """A td or th element."""

    row_span: int
    column_span: int
    text: str = ""


@dataclass(slots=True)
class HtmlRow:
    """A tr element."""

    cells: list[HtmlCell] = field(default_factory=list)


class HtmlTables(HTMLParser):
    """Collects tables from the text that is fed to it. A table inside a cell is left out with its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[HtmlRow]] = []
        self._depth = 0
        self._cell: HtmlCell | None = None

    @property
    def is_closed(self) -> bool:
        """Whether every table that was opened is closed."""
        return bool(self.tables) and self._depth == 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif self._depth != 1:
            return
        elif tag == "tr":
            self.tables[-1].append(HtmlRow())
        elif tag in ("td", "th"):
            if not self.tables[-1]:
                self.tables[-1].append(HtmlRow())
            spans = {name: _span(value) for name, value in attrs if name in ("rowspan", "colspan")}
            self._cell = HtmlCell(spans.get("rowspan", 1), spans.get("colspan", 1))
            self.tables[-1][-1].cells.append(self._cell)
        elif tag == "br" and self._cell is not None:
            self._cell.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            self._depth -= 1
        if self._depth <= 1 and tag in ("td", "th", "tr", "table"):
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.text += data


def _span(value: str | None) -> int:
    return min(int(value), MAX_SPAN) if value and value.isdecimal() and int(value) > 0 else 1


def place(rows: Sequence[HtmlRow]) -> Iterator[Cell]:
    """The cells at their places in the grid: each takes the first free column of its row, as a browser lays them out."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows, start=1):
        column = 1
        for cell in row.cells:
            while (number, column) in taken:
                column += 1
            row_span = min(cell.row_span, len(rows) - number + 1)
            taken.update((number + r, column + c) for r in range(row_span) for c in range(cell.column_span))
            yield Cell(number, column, _MATHEMATICS.sub(r"\1", cell.text).strip(), row_span, cell.column_span)
            column += cell.column_span
