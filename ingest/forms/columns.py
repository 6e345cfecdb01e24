"""What the columns of a form's table are: its header read by the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.catalogue import Catalogue, header_text
from ingest.document import Cell
from ingest.forms.grid import TableView
from ingest.numbers import has_digit, is_money, is_nothing, parse_number
from ingest.text import fold, squash

MAX_HEADER_ROWS = 12  # title, head and header inside one table; more is a body
LONG_RUN = 5  # consecutive integers that number columns wherever they start
INDEXES = 3  # consecutive integers that make a row of column numbers without a label
CODE_SHARE = 0.6  # share of a column's cells that are codes, to take an unnamed column for one
CODE = re.compile(r"\d{1,7}")
_SUB_HEADERS = frozenset({"类", "款", "项"})
_YEAR = re.compile(r"(20\d\d)年")
_OUTGOINGS = frozenset({"basic", "project", "expenditure", "closing_balance"})
_BALANCES = ("opening_balance", "closing_balance")
_SIDES = (
    ("purpose", re.compile("性质|用途|经济")),
    ("income", re.compile("收入|来源")),
    ("expenditure", re.compile("支出|功能")),
)


@dataclass(frozen=True, slots=True)
class AmountColumn:
    """A column of amounts: its identifier, the phase it names, and its header cells joined."""

    column: int
    column_code: str
    phase: str | None
    header: str
    unit: str | None


@dataclass(slots=True)
class Block:
    """Columns that belong together: codes, a name, and amounts. Summaries and economic forms have several side by side."""

    codes: list[int] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    amounts: list[AmountColumn] = field(default_factory=list)
    ignored: list[int] = field(default_factory=list)
    side: str | None = None
    line_numbers: list[int] = field(default_factory=list)  # those of the ignored that number the rows

    def columns(self) -> Iterator[int]:
        yield from self.codes
        yield from self.names
        yield from self.ignored
        yield from (a.column for a in self.amounts)


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column whose header the catalogue does not know."""

    column: int
    header: str


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table: where the body begins and what its columns are.

    ``preamble`` are texts in the table above the header (title, unit, department). ``header_row`` is 0 if the table has no
    header of its own, as on a continued page.
    """

    first_body_row: int
    blocks: tuple[Block, ...]
    preamble: tuple[str, ...]
    unknown: tuple[UnknownColumn, ...]
    has_header: bool


def is_index_row(cells: Sequence[Cell], catalogue: Catalogue) -> bool:
    """Whether a row numbers the columns: 栏次 1 2 3, with or without its label."""
    if not cells or any(is_money(cell.text) for cell in cells):
        return False
    if catalogue.is_index_label(cells[0].text) and has_digit("".join(c.text for c in cells)):
        return True
    numbers = []
    for cell in cells:
        number = parse_number(cell.text)
        if number is not None and number.value == number.value.to_integral_value():
            numbers.append(int(number.value))
        elif (
            catalogue.is_index_label(cell.text)
            or is_nothing(cell.text)
            or fold(cell.text) in _SUB_HEADERS
            or re.fullmatch(r"[\d=+\-（）()]+", fold(cell.text))
        ):
            continue
        else:
            return False
    if any(catalogue.is_index_label(cell.text) for cell in cells):
        return bool(numbers)  # it says so itself, even if one of its numbers was lost
    is_run = all(b - a == 1 for a, b in pairwise(numbers))
    # A second block of columns goes on counting (7 8 9 …); the longer the run, the less it can be amounts.
    return is_run and (len(numbers) >= LONG_RUN or (len(numbers) >= INDEXES and numbers[0] <= 2))


def is_remark_row(cells: Sequence[Cell], catalogue: Catalogue) -> bool:
    """A row that is one remark: office files often have what stands under a form inside its frame."""
    return len(cells) == 1 and catalogue.is_remark(cells[0].text)


def read_header(view: TableView, shape: str, catalogue: Catalogue, start: int = 1) -> Header:
    """Read the header that begins in a row of a table.

    Unknown columns are reported, not guessed; whether they matter, their amounts decide.
    """
    preamble, row = _preamble(view, shape, catalogue, start)
    first_header = row
    while row <= min(view.table.row_count, start + MAX_HEADER_ROWS) and _is_header_row(view, row, shape, catalogue):
        row += 1
    header_rows = range(first_header, row)
    words = [cell for r in header_rows for cell in view.starting(r)]
    has_labels = any(_heads_labels(cell, shape, catalogue) for cell in words)
    # A form of one row (合计 | 基本支出 | 项目支出 over their amounts) has no labels at all.
    below = [r for r in range(row, view.table.row_count + 1) if not is_remark_row(list(view.starting(r)), catalogue)]
    is_one_row = len(below) <= 1 and all(catalogue.concept(c.text, shape) for c in words)
    if not header_rows or not (has_labels or is_one_row):
        return Header(first_header, (), preamble, (), False)
    cells = _header_cells(view, header_rows)
    while row <= view.table.row_count and is_index_row(list(view.starting(row)), catalogue):
        row += 1
    blocks, unknown = _blocks(view, cells, row, shape, catalogue)
    return Header(row, blocks, preamble, unknown, True)


def _preamble(view: TableView, shape: str, catalogue: Catalogue, start: int) -> tuple[tuple[str, ...], int]:
    """Rows of the table that belong to the form's head: its title, number, unit and department."""
    texts: list[str] = []
    row = start
    while row <= min(view.table.row_count, start + MAX_HEADER_ROWS):
        cells = list(view.starting(row))
        is_head = bool(cells) and any(
            catalogue.title(c.text) or catalogue.unit(c.text) or catalogue.department.search(c.text) for c in cells
        )
        is_number = len(cells) == 1 and catalogue.number(cells[0].text) is not None
        # A list begins with the title of its first section: 一、政府采购情况.
        is_section = shape == "list" and len(cells) == 1 and catalogue.role(cells[0].text) is None and not is_money(cells[0].text)
        if not cells or is_head or is_number or is_section:
            texts.extend(c.text for c in cells)
            row += 1
        else:
            break
    # Empty rows alone are no head: they may be body.
    return (tuple(texts), row) if texts else ((), start)


def _is_header_row(view: TableView, row: int, shape: str, catalogue: Catalogue) -> bool:
    cells = list(view.starting(row))
    if not cells:
        # The lower part of merged header cells, or an empty body row.
        above = [view.at(row, c) for c in view.columns()]
        return any(c is not None and c.row < row and c.text.strip() for c in above)
    if is_index_row(cells, catalogue):
        return False
    if any(parse_number(c.text) is not None for c in cells):
        return False
    if any((c := view.at(row, column)) is not None and c.row < row and c.text.strip() for column in view.columns()):
        return True  # beside the lower part of a merged header cell
    known = sum(catalogue.is_header_word(c.text, shape) for c in cells)
    if all(_completes(view, c, shape, catalogue) for c in cells):
        return True
    if len(cells) == 1 and cells[0].column_span < view.table.column_count:
        # A lone 合计 or section title is body; a lone header word over merged columns is not.
        is_wide = cells[0].column_span > 1 or not view.table.has_spans
        if is_wide and shape == "measures" and catalogue.phase(cells[0].text) is not None:
            return True  # 预算数 over all columns of its block
        return is_wide and known == 1 and catalogue.concept(cells[0].text, shape) not in ("total", "subtotal")
    return known * 2 > len(cells)


def _completes(view: TableView, cell: Cell, shape: str, catalogue: Catalogue) -> bool:
    """Whether a cell is the rest of the header cell above it, which a page break or a low row cut in two."""
    above = view.at(cell.row - 1, cell.column)
    if above is None or catalogue.is_header_word(above.text, shape):
        return False
    return catalogue.is_header_word(above.text + cell.text, shape)


def _heads_labels(cell: Cell, shape: str, catalogue: Catalogue) -> bool:
    """A header says where the labels stand; without that, rows of known words are body (使用非财政拨款结余 | | 结余分配)."""
    if shape == "measures":
        return catalogue.is_header_word(cell.text, shape)
    return catalogue.role(cell.text) is not None or catalogue.phase(cell.text) is not None


@dataclass(frozen=True, slots=True)
class _HeaderCell:
    text: str
    first: int
    last: int


def _header_cells(view: TableView, rows: range) -> list[list[_HeaderCell | None]]:
    """For each column, its header cells from top to bottom. Where merges are not shown, empty cells go to their left
    neighbour."""
    columns = view.table.column_count
    grid: list[list[_HeaderCell | None]] = []
    for row in rows:
        line: list[_HeaderCell | None] = [None] * (columns + 1)
        for column in range(1, columns + 1):
            cell = view.at(row, column)
            if cell is not None and cell.text.strip():
                line[column] = _HeaderCell(cell.text, cell.column, cell.column + cell.column_span - 1)
        grid.append(line)
    if not view.table.has_spans:
        # 类 款 项 stand in the first row of the body, and the header of the codes reaches over them.
        below = [_HeaderCell(c.text, 0, 0) if c and c.text in _SUB_HEADERS else None for c in _first_body(view, rows.stop)]
        for index, line in enumerate(grid):
            merged = _merged_again(line) if index + 1 < len(grid) else line
            grid[index] = _spread(merged, [*grid[index + 1 :], below], grid[index - 1] if index else None)
    return [[line[column] for line in grid] for column in range(columns + 1)]


def _merged_again(line: list[_HeaderCell | None]) -> list[_HeaderCell | None]:
    """Equal neighbours in an upper header row are one merged cell, which some engines write into each of its columns."""
    result: list[_HeaderCell | None] = list(line)
    for column in range(2, len(line)):
        left, cell = result[column - 1], line[column]
        if left is not None and cell is not None and left.text == cell.text:
            result[column] = left
    return result


def _first_body(view: TableView, row: int) -> list[Cell | None]:
    return [view.at(row, column) for column in range(view.table.column_count + 1)]


def _spread(
    line: Sequence[_HeaderCell | None],
    below: Sequence[Sequence[_HeaderCell | None]],
    above: Sequence[_HeaderCell | None] | None,
) -> list[_HeaderCell | None]:
    """Let header cells reach over the empty cells to their right under which a lower header cell stands.

    They stay within the header above them: where that ends, an empty cell is the lower part of a cell merged downwards.
    """
    result: list[_HeaderCell | None] = list(line)
    for column in range(1, len(line)):
        left = result[column - 1]
        within = above is None or above[column] == above[column - 1]
        if line[column] is None and left is not None and within and any(lower[column] for lower in below):
            result[column] = left
    start = 1
    while start < len(result):
        cell, end = result[start], start
        while cell is not None and end + 1 < len(result) and result[end + 1] is cell:
            end += 1
        if cell is not None:
            result[start : end + 1] = [_HeaderCell(cell.text, start, end)] * (end + 1 - start)
        start = end + 1
    return result


def _blocks(
    view: TableView, cells: list[list[_HeaderCell | None]], first_body_row: int, shape: str, catalogue: Catalogue
) -> tuple[tuple[Block, ...], tuple[UnknownColumn, ...]]:
    blocks = _grouped(_roles(view, cells, first_body_row, shape, catalogue))
    unknown: list[UnknownColumn] = []
    for block in blocks:
        labels = {*block.codes, *block.names}
        columns = [a.column for a in block.amounts]
        block.amounts = []
        for column in columns:
            path = _path(cells[column], labels)
            meaning = catalogue.column(path, shape)
            header = " / ".join(squash(text) for text in path)
            if meaning is None:
                unknown.append(UnknownColumn(column, header))
                block.ignored.append(column)
            else:
                unit = next((u for u in map(catalogue.unit_in_header, path) if u), None)
                block.amounts.append(AmountColumn(column, meaning.column_code, meaning.phase, header, unit))
        block.amounts = _settle_three_public(_settle_income(block.amounts))
    latest = max((year for b in blocks for a in b.amounts if (year := _year(a.header))), default=0)
    for block in blocks:
        block.amounts = [_of_its_year(a, latest) for a in block.amounts]
    usable = [b for b in blocks if b.amounts or b.names or b.codes]
    if shape == "summary":
        _name_sides(usable, cells)
    if shape == "economic":
        usable = [replace(b, amounts=_settle_basic(b.amounts)) for b in usable]
    if shape != "measures":
        usable = [replace(b, amounts=_settle_phases(b.amounts)) for b in usable]
    return tuple(usable), tuple(unknown)


def _roles(
    view: TableView, cells: list[list[_HeaderCell | None]], first_body_row: int, shape: str, catalogue: Catalogue
) -> dict[int, str | None]:
    """The role of each column; ``None`` for those that hold amounts."""
    roles: dict[int, str | None] = {}
    for column in view.columns():
        headers = [c.text for c in cells[column] if c is not None]
        header = headers[-1] if headers else ""
        body = [c.text for c in _body(view, column, first_body_row)]
        role = _role(header, body, shape, catalogue)
        if not header and roles.get(column - 1) == "code" and body and _are_codes(body):
            role = "code"  # 类 款 项 under one header, in a text that shows no merged cells
        if role is None and len(headers) > 1:
            # A header that a page break or a low row cut in two: 功能分类科 | 目编码.
            role = catalogue.role("".join(headers[-2:]))
        if role == "remark" and roles.get(column - 1) == "name" and not header:
            role = "name"  # a second column of names under one header that does not reach over it
        roles[column] = role
    return roles


def _are_codes(body: Sequence[str]) -> bool:
    """Whether a column prints codes or parts of codes and nothing else."""
    texts = [squash(text) for text in body if squash(text)]
    return bool(texts) and all(CODE.fullmatch(text) for text in texts)


def _grouped(roles: dict[int, str | None]) -> list[Block]:
    """Blocks of columns: a new one begins with each code or name that stands after amounts. Amounts are not settled yet."""
    blocks = [Block()]
    for column, role in roles.items():
        if role in ("code", "name") and (blocks[-1].amounts or (role == "code" and blocks[-1].names)):
            blocks.append(Block())
        block = blocks[-1]
        if role is None:
            block.amounts.append(AmountColumn(column, "", None, "", None))
        else:
            {"code": block.codes, "name": block.names}.get(role, block.ignored).append(column)
            if role == "line_number":
                block.line_numbers.append(column)
    return blocks


def _path(cells: Sequence[_HeaderCell | None], labels: set[int]) -> list[str]:
    """The header cells above an amount column, without those that also cover the block's labels: they head the block."""
    path: list[str] = []
    previous: _HeaderCell | None = None
    for cell in cells:
        if cell is None or cell == previous:
            continue
        previous = cell
        if any(cell.first <= label <= cell.last for label in labels):
            continue
        path.append(cell.text)
    return path


def _role(header: str, body: Sequence[str], shape: str, catalogue: Catalogue) -> str | None:
    """The role of a column by its lowest header cell, and by its body where the header leaves it open."""
    if not header:
        return None if any(has_digit(text) for text in body) else "remark"
    role = catalogue.role(header)
    if role == "name" and shape in ("function", "economic", "list"):
        codes = [CODE.fullmatch(squash(text)) is not None for text in body if squash(text)]
        if codes and sum(codes) >= CODE_SHARE * len(codes):
            return "code"
    if role == "code" and shape in ("summary", "measures", "list"):
        return "name"
    return role


def _body(view: TableView, column: int, first_body_row: int) -> Iterator[Cell]:
    for row in range(first_body_row, view.table.row_count + 1):
        cell = view.at(row, column)
        if cell is not None and cell.row == row and cell.column == column:
            yield cell


def _name_sides(blocks: Sequence[Block], cells: list[list[_HeaderCell | None]]) -> None:
    """Give each block of a summary its side, by the headings over its labels, else by its place."""
    for index, block in enumerate(blocks):
        headings = [c.text for label in block.names for c in reversed(cells[label]) if c is not None]
        block.side = next(
            (side for text in headings for side, pattern in _SIDES if pattern.search(header_text(text))),
            ("income", "expenditure", "purpose")[min(index, 2)],
        )
        if block.side != "purpose" and any(b.side == block.side for b in blocks[:index]):
            block.side = "purpose"


def _year(header: str) -> int:
    found = _YEAR.search(header)
    return int(found.group(1)) if found else 0


def _of_its_year(amount: AmountColumn, latest: int) -> AmountColumn:
    """A column under an earlier year than another (2022年执行数 beside 2023年预算数) has an identifier of its own."""
    is_earlier = 0 < _year(amount.header) < latest and not amount.column_code.startswith(_BALANCES)
    return replace(amount, column_code=f"prior_year_{amount.column_code}") if is_earlier else amount


def _settle_income(amounts: Sequence[AmountColumn]) -> list[AmountColumn]:
    """本年收入 over 合计 and 财政拨款收入 is a movement only beside expenditure; in a form of income its sources need no prefix.

    Beside a wider 合计 or balances its own sum stays apart; alone it heads the whole form.
    """
    codes = {a.column_code for a in amounts}
    if "total" in codes or any(c.startswith(("opening_balance", "closing_balance")) for c in codes):
        if "income" not in codes or "total" not in codes or codes & _OUTGOINGS:
            return list(amounts)
        return [replace(a, column_code=a.column_code.removeprefix("income_")) for a in amounts]
    return [replace(a, column_code=_without_income(a.column_code)) for a in amounts]


def _settle_three_public(amounts: Sequence[AmountColumn]) -> list[AmountColumn]:
    """“三公”经费 as one amount is the total, unless a wider 合计 or 会议费 and 培训费 stand beside it: then it is a part."""
    wider = {a.phase for a in amounts if a.column_code in ("total", "meetings", "training")}
    return [
        replace(a, column_code="three_public_subtotal" if a.phase in wider else "total")
        if a.column_code in ("three_public", "three_public_subtotal")
        else a
        for a in amounts
    ]


def _without_income(code: str) -> str:
    return "total" if code == "income" else code.removeprefix("income_")


def _settle_basic(amounts: Sequence[AmountColumn]) -> list[AmountColumn]:
    """In a form of basic expenditure alone, 基本支出 / 合计 is the total: there is nothing that it is a part of."""
    if any(a.column_code == "total" for a in amounts):
        return list(amounts)
    return [replace(a, column_code="total") if a.column_code == "basic" else a for a in amounts]


def _settle_phases(amounts: Sequence[AmountColumn]) -> list[AmountColumn]:
    """Paired 预算数 and 决算数 columns of one amount: the outcome keeps the identifier, the budget gets its own."""
    by_code: dict[str, set[str | None]] = {}
    for amount in amounts:
        by_code.setdefault(amount.column_code, set()).add(amount.phase)
    return [_with_phase(amount, by_code[amount.column_code]) for amount in amounts]


def _with_phase(amount: AmountColumn, phases: set[str | None]) -> AmountColumn:
    has_outcome = bool({"final", None} & phases)
    if amount.phase in ("budget", "initial_budget") and len(phases) > 1 and (has_outcome or amount.phase == "initial_budget"):
        code = amount.phase if amount.column_code == "total" else f"{amount.column_code}_{amount.phase}"
        return replace(amount, column_code=code)
    return amount
