"""Looking things up in a neutral table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.document import Cell, Table
from ingest.numbers import is_nothing


@dataclass(frozen=True, slots=True)
class TableView:
    """A table with its cells by place. ``at`` gives the cell that covers a place, merged or not."""

    table: Table
    _covering: dict[tuple[int, int], Cell]

    @classmethod
    def of(cls, table: Table) -> TableView:
        covering = {
            (row, column): cell
            for cell in table.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }
        return cls(table, covering)

    def at(self, row: int, column: int) -> Cell | None:
        return self._covering.get((row, column))

    def starting(self, row: int) -> Iterator[Cell]:
        """The cells whose top left corner is in this row and that print something, left to right."""
        for column in range(1, self.table.column_count + 1):
            cell = self._covering.get((row, column))
            if cell is not None and cell.row == row and cell.column == column and cell.text.strip():
                yield cell

    def printed(self, row: int) -> list[Cell]:
        """The same without the signs that stand for nothing."""
        return [cell for cell in self.starting(row) if not is_nothing(cell.text)]

    def rows(self) -> range:
        return range(1, self.table.row_count + 1)

    def columns(self) -> range:
        return range(1, self.table.column_count + 1)

    def extent(self, column: int) -> tuple[float, float] | None:
        """The x range of a column, from any unmerged cell in it."""
        for cell in self.table.cells:
            if cell.column == column and cell.column_span == 1 and cell.box is not None:
                return cell.box.x0, cell.box.x1
        return None
