"""A form as a grid of cells, before it becomes lines on a page or tabs in a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

LEFT, ABOVE = "<", "^"


@dataclass(frozen=True, slots=True)
class Place:
    """What an amount stands for: the columns of the expected amounts."""

    form_code: str
    side: str
    row_code: str
    row_label: str
    column_code: str


@dataclass(slots=True)
class GridCell:
    """``place`` is set where a figure belongs, printed or not."""

    text: str = ""
    align: str = "left"  # left | center | right
    column_span: int = 1
    row_span: int = 1
    place: Place | None = None


Row = list["GridCell | None"]  # None is covered by a merged cell


@dataclass(slots=True)
class Grid:
    """``weights`` are the relative widths of the columns; the first ``header_rows`` rows are the header."""

    weights: Sequence[float]
    header_rows: int
    rows: list[Row] = field(default_factory=list)


def header_grid(matrix: Sequence[Sequence[object]]) -> list[Row]:
    """Rows of cells from a matrix in which ``<`` joins a cell to its left neighbour and ``^`` to the one above."""
    texts = [[str(text) for text in row] for row in matrix]
    rows: list[Row] = [[None] * len(row) for row in texts]
    for y, line in enumerate(texts):
        for x, text in enumerate(line):
            if text in (LEFT, ABOVE):
                continue
            width = 1
            while x + width < len(line) and line[x + width] == LEFT:
                width += 1
            height = 1
            while (
                y + height < len(texts)
                and all(t in (LEFT, ABOVE) for t in texts[y + height][x : x + width])
                and texts[y + height][x] == ABOVE
            ):
                height += 1
            rows[y][x] = GridCell(text, "center", width, height)
    return rows
