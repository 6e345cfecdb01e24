"""The body of a form: its rows with their labels, codes and amounts, over pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.catalogue import Catalogue
from ingest.document import Cell, Table
from ingest.forms.codes import LONGEST_CODE, SUB_HEADERS, assemble_code, complete_code, split_code
from ingest.forms.columns import AmountColumn, Block, Header, UnknownColumn, is_index_row, is_remark_row, read_header
from ingest.forms.grid import TableView
from ingest.numbers import PrintedNumber, has_digit, is_figure, is_lost, is_money, is_nothing, parse_number
from ingest.text import fold, squash

_BEGINS_A_ROW = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.．]|（[一二三四五六七八九十\d]+）|\d+[、.．]|其中)|合计|总计|小计|结转|结余"
)
# What begins like a row of its own and is the rest of one: 年末财政拨款 | 结转和结余.
_BALANCE = re.compile(r"(年初|年末|上年|期初|期末)(财政拨款)?(结转[和及]?结余|结转|结余)")


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
    is_numbered: bool = False  # whether a line number (行次) stands in it

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
    reader = _TableReader(shape, catalogue, body)
    first: tuple[TableView, Header] | None = None
    for table in _with_whole_headers(tables, shape, catalogue):
        view = TableView.of(table)
        header = read_header(view, shape, catalogue)
        body.preamble.extend(header.preamble)
        if header.has_header and any(b.amounts for b in header.blocks):
            first = (view, header)
        else:
            header = _carried(first, view, header) if first is not None else header
        rows = list(reader.rows(view, header))
        if body.rows:
            rows = _without_repeated_row(body.rows, rows)
        if not header.has_header and body.rows and rows:
            rows = _join_broken_row(body.rows, rows)
        body.rows.extend(rows)
        body.unknown.extend((table.page, u) for u in header.unknown if _prints_digits(view, u.column, header.first_body_row))
    return body


def _with_whole_headers(tables: Sequence[Table], shape: str, catalogue: Catalogue) -> Iterator[Table]:
    """The tables, one that is nothing but a header joined to the one after it: a page break cut it from its body."""
    headless: Table | None = None
    for table in tables:
        whole = table if headless is None else _joined(headless, table)
        headless = None
        header = read_header(TableView.of(whole), shape, catalogue)
        if header.has_header and header.first_body_row > whole.row_count and table is not tables[-1]:
            headless = whole
        else:
            yield whole


def _joined(above: Table, below: Table) -> Table:
    """Two tables as one, on the page of the lower one, whose columns count: a cut header shows fewer of them."""
    header = above.cells if above.column_count == below.column_count else tuple(_placed_over(above, TableView.of(below)))
    moved = (replace(cell, row=cell.row + above.row_count) for cell in below.cells)
    return replace(
        below,
        row_count=above.row_count + below.row_count,
        cells=(*header, *moved),
        row_numbers=(*above.row_numbers, *below.row_numbers),
    )


def _placed_over(above: Table, below: TableView) -> Iterator[Cell]:
    """The cells of a table over the columns of the one below, by where they stand on the page."""
    extents = {column: extent for column in below.columns() if (extent := below.extent(column)) is not None}
    for cell in above.cells:
        box = cell.box
        under = [c for c, (x0, x1) in extents.items() if box is not None and box.x0 <= (x0 + x1) / 2 < box.x1]
        if under:
            yield replace(cell, column=under[0], column_span=len(under))


def _prints_digits(view: TableView, column: int, first_row: int) -> bool:
    return any(
        cell.column == column and has_digit(cell.text)
        for row in range(first_row, view.table.row_count + 1)
        for cell in view.starting(row)
    )


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
            [mapping[c] for c in block.line_numbers if c in mapping],
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


@dataclass(frozen=True, slots=True)
class _TableReader:
    """Reads the rows of one table after the other; what it cannot place goes to the body's leftovers."""

    shape: str
    catalogue: Catalogue
    body: Body

    def rows(self, view: TableView, header: Header) -> Iterator[ReadRow]:
        row = header.first_body_row - 1
        while row < view.table.row_count:
            row += 1
            cells = list(view.starting(row))
            below = self._header_below(view, cells, row)
            if below is not None:
                header, row = below, below.first_body_row - 1
                continue
            if not cells or is_index_row(cells, self.catalogue):
                continue
            slipped = next((cell for cell in cells if is_money(cell.text)), None)
            if slipped is not None and any(self.catalogue.is_index_label(cell.text) for cell in cells):
                self._leave(view, row, squash(slipped.text), "an amount in a row that numbers the columns")
                continue
            if self.catalogue.is_signature(cells[0].text):
                continue
            if is_remark_row(cells, self.catalogue):
                if not self.catalogue.says_simulated(cells[0].text):
                    self.body.notes.append(cells[0].text)
            elif not self._repeats_header(cells):
                yield from self._row(view, header, row, cells)

    def _header_below(self, view: TableView, cells: Sequence[Cell], row: int) -> Header | None:
        """The header of a second block under the first, as where 决算数 follows under 预算数 in the form of 三公."""
        if self.shape != "measures" or len(cells) != 1 or self.catalogue.phase(cells[0].text) is None:
            return None
        header = read_header(view, self.shape, self.catalogue, row)
        return header if header.has_header and any(b.amounts for b in header.blocks) else None

    def _repeats_header(self, cells: Sequence[Cell]) -> bool:
        """A row of header words only: the header again, or the header of the next section of a list."""
        words = [c for c in cells if fold(c.text) not in SUB_HEADERS]
        return len(words) > 1 and all(self.catalogue.is_header_word(c.text, self.shape) for c in words)

    def _row(self, view: TableView, header: Header, row: int, cells: Sequence[Cell]) -> Iterator[ReadRow]:
        understood = {u.column for u in header.unknown}  # reported as unknown columns, not cell by cell
        found: list[ReadRow] = []
        labels: list[Cell | None] = []
        for index, block in enumerate(header.blocks):
            read, label, used = self._block(view, block, index, row)
            understood |= used
            found.append(read)
            labels.append(label)
        has_labels = any(b.codes or b.names for b in header.blocks)
        for read in _give_labels(found, labels):
            if read.amounts and not read.label and read.code is None and has_labels and self.shape != "measures":
                texts = " ".join(squash(a.cell.text) for a in read.amounts)
                self._leave(view, row, texts, "amounts in a row without a label")
            elif read.amounts or read.label or read.code:
                yield read
        for cell in cells:
            if cell.column not in understood and _may_be_figure(cell):
                reason = "not an amount" if header.blocks else f"column {cell.column} was not understood"
                self._leave(view, row, squash(cell.text), reason)

    def _block(self, view: TableView, block: Block, index: int, row: int) -> tuple[ReadRow, Cell | None, set[int]]:
        """One block of a row, the cell of its label, and the columns that were understood."""
        code, label, label_cell, used = _label(view, block, row, self.shape, self.body.code_above.get(index))
        if code is not None:
            self.body.code_above[index] = code
        read = ReadRow(index, block.side, code, label, view.table, row)
        # An amount that slipped into the column of line numbers is none of them.
        used.update(
            i for i in block.ignored if i not in block.line_numbers or (c := view.at(row, i)) is None or not is_money(c.text)
        )
        read.is_numbered = any((c := view.at(row, i)) is not None and c.row == row and has_digit(c.text) for i in block.ignored)
        for column in block.amounts:
            cell = view.at(row, column.column)
            if cell is None or cell.row != row or cell.column in used:
                continue
            number = None if cell is label_cell or is_nothing(cell.text) else parse_number(cell.text)
            if number is not None:
                read.amounts.append(ReadAmount(column, cell, number))
            if number is not None or cell is label_cell or is_nothing(cell.text) or not _may_be_figure(cell):
                used.add(cell.column)
        return read, label_cell, used

    def _leave(self, view: TableView, row: int, text: str, reason: str) -> None:
        self.body.leftovers.append(Leftover(view.table.page, view.table.row_numbers[row - 1], text, reason))


def _may_be_figure(cell: Cell) -> bool:
    """Whether a cell prints a figure.

    It has a digit, a sign that a figure is lost or, where it was recognised, may be a misread one (``O.OO``).
    """
    if has_digit(cell.text) or is_lost(cell.text):
        return True
    text = squash(cell.text)
    if cell.confidence is None or not text or is_nothing(text):
        return False
    return len(text) == 1 or not any(character >= "\u4e00" for character in text)


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
        text = squash(cell.text)
        if is_money(text) or (words and is_figure(text)):
            continue  # an amount in the place of a name: it slipped out of its column, or the columns of a page have shifted
        used.add(cell.column)
        if column in block.codes and (text.isdecimal() or text in SUB_HEADERS):
            parts.append(text)
        elif text and not (words and not view.table.has_spans and squash(words[-1][0]) == text):
            # Where merges are not shown, some engines write a merged label into each of its columns.
            words.append((cell.text, cell))
    code = assemble_code(complete_code(parts, above)) if parts else None
    if code is not None and len(code) > LONGEST_CODE:
        code = None
        used.difference_update(block.codes)  # a row of digits that no code is: left over
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


def _join_broken_row(before: list[ReadRow], rows: list[ReadRow]) -> list[ReadRow]:
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
    if owner is None or not owner.label or row.is_numbered:
        return False
    return not _BEGINS_A_ROW.search(fold(row.label)) or _BALANCE.fullmatch(fold(owner.label + row.label)) is not None
