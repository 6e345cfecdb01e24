"""The body of a form: its rows with their labels, codes and amounts, over pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.catalogue import Catalogue
from ingest.document import Cell, Table
from ingest.forms.codes import SUB_HEADERS, assemble_code, complete_code, split_code
from ingest.forms.columns import AmountColumn, Block, Header, UnknownColumn, is_index_row, read_header
from ingest.forms.grid import TableView
from ingest.numbers import PrintedNumber, has_digit, is_nothing, parse_number
from ingest.text import fold, squash

_BEGINS_A_ROW = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.．]|（[一二三四五六七八九十\d]+）|\d+[、.．]|其中)|合计|总计|小计|结转|结余"
)


@dataclass(frozen=True, slots=True)
class ReadAmount:
    """A cell that was read as an amount."""

    column: AmountColumn
    cell: Cell
    number: PrintedNumber


@dataclass(slots=True)
class ReadRow:
    """One row of one block."""

    block: int
    side: str | None
    code: str | None
    label: str
    table: Table
    row: int
    amounts: list[ReadAmount] = field(default_factory=list)

    @property
    def source_row(self) -> int:
        return self.table.row_numbers[self.row - 1]


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something printed in a form's frame that no rule accounts for."""

    page: int
    row: int
    text: str
    reason: str


@dataclass(slots=True)
class Body:
    """What was read from all tables of a form."""

    rows: list[ReadRow] = field(default_factory=list)
    preamble: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    unknown: list[tuple[int, UnknownColumn]] = field(default_factory=list)
    code_above: dict[int, str] = field(default_factory=dict)  # the last code of each block


def read_body(tables: Sequence[Table], shape: str, catalogue: Catalogue) -> Body:
    """Read the rows of a form from its tables in order.

    Every cell of the frame that prints a digit ends in a row, a header or a note; what does not is a leftover.
    """
    body = Body()
    first: tuple[TableView, Header] | None = None
    for table in tables:
        view = TableView.of(table)
        header = read_header(view, shape, catalogue)
        body.preamble.extend(header.preamble)
        if header.has_header and any(b.amounts for b in header.blocks):
            first = (view, header)
        elif first is not None:
            header = _carried(first, view, header)
        rows = list(_rows_of_table(view, header, shape, catalogue, body))
        if header.has_header and body.rows and first is not None:
            rows = _without_repeated_row(body.rows, rows)
        if not header.has_header and body.rows and rows:
            rows = _join_broken_row(body.rows, rows, shape)
        body.rows.extend(rows)
        for unknown in header.unknown:
            printed = [
                c
                for r in range(header.first_body_row, table.row_count + 1)
                for c in view.starting(r)
                if c.column == unknown.column and has_digit(c.text)
            ]
            if printed:
                body.unknown.append((table.page, unknown))
    return body


def _carried(first: tuple[TableView, Header], view: TableView, header: Header) -> Header:
    """The header of an earlier page, for a table that has none of its own; columns are matched by place where known."""
    earlier, known = first
    mapping = _match_columns(earlier, view)
    blocks = tuple(
        Block(
            [mapping[c] for c in block.codes if c in mapping],
            [mapping[c] for c in block.names if c in mapping],
            [replace(a, column=mapping[a.column]) for a in block.amounts if a.column in mapping],
            [mapping[c] for c in block.ignored if c in mapping],
            block.side,
        )
        for block in known.blocks
    )
    first_row = header.first_body_row if not header.has_header else 1
    return Header(first_row, blocks, header.preamble, (), False)


def _match_columns(earlier: TableView, later: TableView) -> dict[int, int]:
    if earlier.table.column_count == later.table.column_count or earlier.table.box is None:
        return {c: c for c in earlier.columns() if c <= later.table.column_count}
    mapping: dict[int, int] = {}
    extents = {c: later.extent(c) for c in later.columns()}
    for column in earlier.columns():
        here = earlier.extent(column)
        if here is None:
            continue
        centre = (here[0] + here[1]) / 2
        for candidate, extent in extents.items():
            if extent is not None and extent[0] <= centre < extent[1]:
                mapping[column] = candidate
    return mapping


def _rows_of_table(
    view: TableView, header: Header, shape: str, catalogue: Catalogue, body: Body
) -> Iterator[ReadRow]:
    for row in range(header.first_body_row, view.table.row_count + 1):
        cells = list(view.starting(row))
        if not cells or is_index_row(cells, catalogue):
            continue
        if len(cells) == 1 and (catalogue.is_note(cells[0].text) or catalogue.says_no_data(cells[0].text)):
            body.notes.append(cells[0].text)
            continue
        if _repeats_header(cells, shape, catalogue):
            continue
        yield from _read_row(view, header, row, cells, shape, catalogue, body)


def _repeats_header(cells: Sequence[Cell], shape: str, catalogue: Catalogue) -> bool:
    """A row of header words only: the header again, or the header of the next section of a list."""
    words = [c for c in cells if fold(c.text) not in SUB_HEADERS]
    return len(words) >= 2 and all(catalogue.is_header_word(c.text, shape) for c in words)


def _read_row(
    view: TableView,
    header: Header,
    row: int,
    cells: Sequence[Cell],
    shape: str,
    catalogue: Catalogue,
    body: Body,
) -> Iterator[ReadRow]:
    consumed: set[int] = set()
    found: list[tuple[ReadRow, Cell | None]] = []
    for index, block in enumerate(header.blocks):
        code, label, label_cell, used = _label(view, block, row, shape, body.code_above.get(index))
        if code is not None:
            body.code_above[index] = code
        consumed |= used
        read = ReadRow(index, block.side, code, label, view.table, row)
        for amount in block.amounts:
            cell = view.at(row, amount.column)
            if cell is None or cell.row != row or cell.column in consumed:
                continue
            if cell is label_cell or is_nothing(cell.text):
                consumed.add(cell.column)
                continue
            number = parse_number(cell.text)
            if number is not None:
                consumed.add(cell.column)
                read.amounts.append(ReadAmount(amount, cell, number))
            elif not has_digit(cell.text):
                consumed.add(cell.column)
        for column in block.ignored:
            if not any(u.column == column for u in header.unknown):
                consumed.add(column)
        found.append((read, label_cell))
    rows = _give_labels([r for r, _ in found], [c for _, c in found])
    for read in rows:
        has_labels = any(b.codes or b.names for b in header.blocks)
        if read.amounts and not read.label and read.code is None and has_labels and shape != "measures":
            texts = " ".join(squash(a.cell.text) for a in read.amounts)
            body.leftovers.append(Leftover(view.table.page, read.source_row, texts, "amounts in a row without a label"))
        elif read.amounts or read.label or read.code:
            yield read
    unknown = {u.column for u in header.unknown}
    for cell in cells:
        if cell.column not in consumed and cell.column not in unknown and has_digit(cell.text):
            body.leftovers.append(
                Leftover(
                    view.table.page,
                    view.table.row_numbers[row - 1],
                    squash(cell.text),
                    f"column {cell.column} was not understood" if not header.blocks else "not an amount",
                )
            )


def _label(
    view: TableView, block: Block, row: int, shape: str, above: str | None
) -> tuple[str | None, str, Cell | None, set[int]]:
    """Code and label of a row in a block, the cell of the label, and the columns that were used."""
    used: set[int] = set()
    parts: list[str] = []
    words: list[tuple[str, Cell]] = []
    seen: list[Cell] = []
    for column in (*block.codes, *block.names):
        cell = view.at(row, column)
        if cell is None or any(cell is other for other in seen):
            continue
        # A cell merged over columns is seen once; one merged over rows belongs to each of them.
        seen.append(cell)
        used.add(cell.column)
        text = squash(cell.text)
        if column in block.codes and (text.isdecimal() or text in SUB_HEADERS):
            parts.append(text)
        elif text:
            words.append((cell.text, cell))
    code = assemble_code(complete_code(parts, above)) if parts else None
    label = "".join(squash(text) for text, _ in words)
    if code is None and words and shape in ("function", "economic"):
        split = split_code(words[0][0])
        if split is not None:
            code, rest = split
            label = rest + "".join(squash(text) for text, _ in words[1:])
    return code, label, words[-1][1] if words else None, used


def _give_labels(rows: list[ReadRow], cells: list[Cell | None]) -> list[ReadRow]:
    """Let blocks that have amounts but no label take the label to their left, and drop labels that were only passed on.

    A label merged over blocks (公用经费合计 in front of the amounts of the last block) belongs to the block with the amounts.
    """
    kept: list[ReadRow] = []
    for index, row in enumerate(rows):
        if row.amounts and not row.label and row.code is None:
            for left in range(index - 1, -1, -1):
                giver = rows[left]
                if giver.label:
                    if not giver.amounts and giver.code is None:
                        row.label = giver.label
                        row.side = row.side or giver.side
                        kept = [r for r in kept if r is not giver]
                    break
        cell = cells[index]
        if cell is not None and not row.amounts and row.code is None:
            shared = [i for i, other in enumerate(cells) if other is cell and i != index]
            if any(rows[i].amounts or i < index for i in shared):
                continue
        kept.append(row)
    return kept


def _without_repeated_row(before: Sequence[ReadRow], rows: list[ReadRow]) -> list[ReadRow]:
    """A header that is repeated on the next page may take the row of totals along, where 类 款 项 stand beside 合计."""
    if rows and rows[0].code is None and _printed(rows[0]) == _printed(before[0]):
        return [r for r in rows if r.row != rows[0].row]
    return rows


def _printed(row: ReadRow) -> tuple[str, list[tuple[str, str | None, str]]]:
    return row.label, [(a.column.column_code, a.column.phase, a.cell.text) for a in row.amounts]


def _join_broken_row(before: list[ReadRow], rows: list[ReadRow], shape: str) -> list[ReadRow]:
    """A row that a page break cut in two: the rest of its name, or its amounts, stand in the first row of the next page."""
    first_row = rows[0].row
    head = [r for r in rows if r.row == first_row]
    last = {r.block: r for r in before if r.table is before[-1].table and r.row == before[-1].row}
    if all(not r.amounts and r.code is None and _is_rest_of_name(r, last) for r in head):
        for r in head:
            last[r.block].label += r.label
        return [r for r in rows if r.row != first_row]
    rest: list[ReadRow] = []
    for r in rows:
        owner = last.get(r.block)
        if r.row == first_row and r.amounts and not r.label and r.code is None and owner and not owner.amounts:
            owner.amounts.extend(r.amounts)
        else:
            rest.append(r)
    return rest


def _is_rest_of_name(row: ReadRow, last: dict[int, ReadRow]) -> bool:
    owner = last.get(row.block)
    return owner is not None and bool(owner.label) and not _BEGINS_A_ROW.search(fold(row.label))


def columns_used(rows: Iterable[ReadRow]) -> set[tuple[str, str | None]]:
    """The amount columns that have at least one amount."""
    return {(a.column.column_code, a.column.phase) for row in rows for a in row.amounts}
