"""HTML tables inside text: rows of cells with their spans."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from ingest.readers.placing import SpanCell, SpanRow, bounded_span

_MATHEMATICS = re.compile(r"\$\s*([^$]*?)\s*\$")  # some engines write numbers as formulas: $1.50$


class HtmlTables(HTMLParser):
    """Collects tables from the text that is fed to it. A table inside a cell is text of that cell, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[SpanRow]] = []
        # The texts that are printed above each table: those outside of tables, and those in one that are in none of its cells.
        self.texts: list[str] = [""]
        self._depth = 0
        self._cell: SpanCell | None = None

    @property
    def is_closed(self) -> bool:
        """Whether every table that was opened is closed."""
        return bool(self.tables) and self._depth == 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
                self.texts.append("")
        elif self._depth != 1:
            # The cells of a table in a cell are no numbers of the table around it, nor may their digits run together.
            if self._cell is not None and tag in ("tr", "td", "th", "br"):
                self._cell.text += "\n"
            return
        elif tag == "tr":
            self._close_cell()
            self.tables[-1].append(SpanRow())
        elif tag in ("td", "th"):
            self._close_cell()
            if not self.tables[-1]:
                self.tables[-1].append(SpanRow())
            spans = {name: bounded_span(value) for name, value in attrs if name in ("rowspan", "colspan")}
            self._cell = SpanCell(spans.get("rowspan", 1), spans.get("colspan", 1))
            self.tables[-1][-1].cells.append(self._cell)
        elif tag == "br" and self._cell is not None:
            self._cell.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            self._depth -= 1
        if self._depth <= 1 and tag in ("td", "th", "tr", "table"):
            self._close_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.text += data
        else:
            # A browser puts such text before the table, too: a caption, or what slipped out of its cell.
            self.texts[-1 if self._depth == 0 else -2] += data

    def _close_cell(self) -> None:
        if self._cell is not None:
            self._cell.text = _MATHEMATICS.sub(r"\1", self._cell.text)
        self._cell = None
