"""The grid of a form as printed, put together again from its amounts: rows, columns, headers and labels in printed order.

The marts hold the amounts of a form with their places, the label of their row and the header of their column. A printed row may
hold several rows side by side (income beside expenditure), each with its own label: here they are *blocks*, one after the
other. Rows that print no amount are not in the marts and not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from reporting.site.naming import cell_anchor
from reporting.site.queries import Row

# Labels that the reading gives to rows of the forms that print budget and outcome; the document prints them in the header.
PHASES = frozenset({"initial_budget", "budget", "final"})


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A cell of the header: its text, and how many columns and rows it spans."""

    text: str
    colspan: int
    rowspan: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed amount. ``unit`` only where it is another than that of the form."""

    anchor: str
    text: str
    unit: str | None
    amount: Row


@dataclass(slots=True)
class Label:
    """The label of a row in one block; ``None`` for what is not printed. ``term`` is an identifier that stands for it."""

    code: str | None = None
    text: str | None = None
    term: str | None = None


@dataclass(slots=True)
class Block:
    """Columns that share a label: their number, whether rows have codes, and what labels them."""

    columns: list[int]
    has_codes: bool = False
    label: str | None = "printed"  # else `measure` or `phase`, where the reading knows what the row is; None needs none
    side: str | None = None


@dataclass(slots=True)
class PrintedRow:
    """A printed row: for each block its label and its cells, ``None`` where nothing is printed."""

    page: int
    blocks: list[tuple[Label | None, list[Cell | None]]] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """One table of a form, over pages. ``header``: rows of header cells for each block."""

    blocks: list[Block]
    header: list[list[list[HeaderCell]]]
    rows: list[PrintedRow]
    depth: int


@dataclass(slots=True)
class _Table:
    columns: dict[int, tuple[str | None, str]]  # column to its header and identifier
    rows: dict[tuple[int, int, int], dict[int, Row]]  # page, table and row to its amounts by column


def grids(amounts: Sequence[Row], form_unit: str | None) -> list[Grid]:
    """The tables of one form of one document. ``amounts``: rows of the query ``amounts``, in printed order."""
    return [_grid(table, form_unit) for table in _joined(amounts)]


def _joined(amounts: Iterable[Row]) -> list[_Table]:
    """Tables with their continuations on later pages: those whose columns say the same."""
    joined: list[_Table] = []
    for (page, number), cells in groupby(amounts, key=lambda row: (row["source_page"], row["source_table"])):
        columns: dict[int, tuple[str | None, str]] = {}
        rows: dict[tuple[int, int, int], dict[int, Row]] = {}
        for row in cells:
            columns.setdefault(row["source_column"], (row["column_header"], _column_key(row)))
            rows.setdefault((page, number, row["source_row"]), {})[row["source_column"]] = row
        columns = dict(sorted(columns.items()))
        last = joined[-1] if joined else None
        if last and list(last.columns.values()) == list(columns.values()):
            # The same columns, perhaps counted otherwise: a page whose rows have fewer cells.
            place = dict(zip(columns, last.columns, strict=True))
            last.rows |= {at: {place[column]: row for column, row in row_of.items()} for at, row_of in rows.items()}
        elif last and all(last.columns.get(column, told) == told for column, told in columns.items()):
            last.columns = dict(sorted((last.columns | columns).items()))
            last.rows |= rows
        else:
            joined.append(_Table(columns, rows))
    return joined


def _column_key(row: Row) -> str:
    # Where rows are measures and columns budget and outcome, the identifier changes from row to row.
    return str(row["row_label"]) if row["row_label"] in PHASES else f"{row['side'] or ''}/{row['column_code']}"


def _grid(table: _Table, form_unit: str | None) -> Grid:
    blocks = _blocks(table)
    for block in blocks:
        inside = [(column, row) for cells in table.rows.values() for column, row in cells.items() if column in block.columns]
        block.has_codes = any(row["row_code"] for _, row in inside)
        block.side = inside[0][1]["side"]
        block.label = _labelled_by(inside)
    depth = max(len(_levels(header)) for header, _ in table.columns.values())
    header = [_header([_levels(table.columns[column][0]) for column in block.columns], depth) for block in blocks]
    rows = []
    for (page, _, _), cells in table.rows.items():
        printed = PrintedRow(page)
        for block in blocks:
            there = [cells.get(column) for column in block.columns]
            first = next((row for row in there if row is not None), None)
            printed.blocks.append((_label(first, block.label), [_cell(row, form_unit) for row in there]))
        rows.append(printed)
    return Grid(blocks, header, rows, depth)


def _labelled_by(inside: Sequence[tuple[int, Row]]) -> str | None:
    """What labels the rows of a block: what is printed, else the measure or the phase if rows differ in it, else nothing."""
    if any(row["row_label"] not in PHASES for _, row in inside):
        return "printed"
    columns = {column for column, _ in inside}
    for by, name in (("measure", "column_code"), ("phase", "row_label")):
        if len({(column, row[name]) for column, row in inside}) > len(columns):
            return by
    return None


def _label(row: Row | None, by: str | None) -> Label | None:
    if row is None or by is None:
        return None
    if by == "printed":
        return Label(row["row_code"], row["row_label"])
    return Label(term=row["column_code"] if by == "measure" else row["row_label"])


def _cell(row: Row | None, form_unit: str | None) -> Cell | None:
    if row is None:
        return None
    place = cell_anchor(row["document_id"], row["source_page"], row["source_table"], row["source_row"], row["source_column"])
    return Cell(place, row["amount_text"], row["unit"] if row["unit"] != form_unit else None, row)


def _blocks(table: _Table) -> list[Block]:
    """Columns that belong together because some printed row has one label for them; in forms of phases all of a printed row."""
    parent = {column: column for column in table.columns}

    def root(column: int) -> int:
        while parent[column] != column:
            column = parent[column]
        return column

    for cells in table.rows.values():
        firsts: dict[object, int] = {}
        for column, row in cells.items():
            key = "phases" if row["row_label"] in PHASES else row["row_order"]
            a, b = root(firsts.setdefault(key, column)), root(column)
            parent[max(a, b)] = min(a, b)
    together: dict[int, list[int]] = {}
    for column in sorted(table.columns):
        together.setdefault(root(column), []).append(column)
    return [Block(columns) for _, columns in sorted(together.items())]


def _levels(header: str | None) -> list[str]:
    return header.split(" / ") if header else [""]


def _header(columns: Sequence[Sequence[str]], depth: int) -> list[list[HeaderCell]]:
    """Rows of header cells: neighbours that share what stands above them share a cell."""
    rows: list[list[HeaderCell]] = []
    for level in range(depth):
        row: list[HeaderCell] = []
        for (path, ends), group in groupby(columns, key=lambda levels: (tuple(levels[: level + 1]), len(levels) <= level + 1)):
            if len(path) <= level:
                continue  # the cell above reaches down to here
            same = list(group)
            if ends and len(same) > 1:
                row += [HeaderCell(path[-1], 1, depth - level) for _ in same]
            else:
                row.append(HeaderCell(path[-1], len(same), depth - level if ends else 1))
        rows.append(row)
    return rows
