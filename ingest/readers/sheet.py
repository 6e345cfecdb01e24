"""A sheet of a spreadsheet as a page: which of its rows are lines of text and which are tables, whatever its format.

A sheet is a grid without pages, and title, head, table, notes and prose all stand in its cells. What is drawn decides first, as
on paper: cells with lines at their sides are a table, cells without are text. A sheet without lines, and every text file, is
told apart by its structure: a row of several cells is of a table, a lone cell is of a table only within one. What is hidden is
not read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from ingest.document import Cell, Document, Line, Page, Remark, Table
from ingest.numbers import has_digit, is_nothing, parse_number
from ingest.parsed import Rejected
from ingest.readers.number_format import Rendered, render, render_text

MAX_CELLS = 500_000  # cells of one file that print something; the largest disclosures have some ten thousand
LONGEST_LABEL = 45  # characters: a longer text alone in its row is prose
SHORTEST_WRAPPED = 20  # characters: a shorter text without a full stop is a heading or the end of a list
FRAMED_ROWS = 2  # rows of framed cells that make a sheet one that draws its tables
_HEADING = re.compile(r"表\s*\d*\s*(?:[（(][^（()）]*[）)])?\s*$|^附件")
_NOTE = re.compile(r"^\s*(?:注|备注|说明|附注|★|※)\s*\d*\s*[：:、.．]")
_NUMBERED = re.compile(r"^\s*(?:[一二三四五六七八九十]+\s*[、.．]|[（(][一二三四五六七八九十]+[)）])")
_FIELD = re.compile(r"^(?!其中)[^：:]{2,14}[：:]")
# What a person called a sheet, unlike Sheet3, Table 3 and 第3页, as programs call them.
_TELLING_NAME = re.compile(r"(?!(?:工作表|第)\s*\d+\s*页?$).*[\u4e00-\u9fff]{2,}.*")
_ENDS = "。！？；：!?;:…"
_COLUMN_LETTERS = 26


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell that prints something, where the sheet has it. ``is_framed`` tells whether a line is drawn at its left or right."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    is_framed: bool = False

    @property
    def last_row(self) -> int:
        return self.row + self.row_span - 1

    @property
    def last_column(self) -> int:
        return self.column + self.column_span - 1


@dataclass(slots=True)
class Sheet:
    """A sheet as its reader found it: ``number`` is its place among all sheets of the file, hidden ones included.

    ``framed_rows`` are rows with a framed cell, empty ones included; ``wrapped_rows`` are those that go on with the row above, as
    lines of a text may; ``name`` is empty where a format has none.
    """

    number: int
    name: str
    cells: list[SheetCell] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    framed_rows: frozenset[int] = frozenset()
    wrapped_rows: frozenset[int] = frozenset()
    is_hidden: bool = False
    has_image: bool = False
    remarks: list[Remark] = field(default_factory=list)


def document_of(media_type: str, sheets: Sequence[Sheet]) -> Document:
    """The document of a workbook: a page for each sheet that is shown. Raises :class:`Rejected` if it prints no text."""
    if sum(len(sheet.cells) for sheet in sheets) > MAX_CELLS:
        raise too_many_cells()
    pages: list[Page] = []
    remarks: list[Remark] = []
    for sheet in sheets:
        if sheet.is_hidden:
            if sheet.cells:
                remarks.append(_hidden_sheet(sheet))
            continue
        cells, hidden = _visible(sheet)
        remarks.extend((*sheet.remarks, *hidden))
        pages.append(Page(sheet.number, _blocks(sheet, cells), has_image=sheet.has_image, name=sheet.name or None))
        if sheet.has_image and not cells:
            remarks.append(Remark("picture_sheet", f"sheet {sheet.name} shows a picture or a chart and no text", sheet.number))
    if not any(page.blocks for page in pages):
        if any(page.has_image for page in pages):
            raise Rejected("no_text_layer", "its sheets show pictures and no text", "run OCR, or obtain the original")
        raise Rejected("empty_file", "none of its sheets shows any text", "check the file: what is hidden is not read")
    return Document(media_type, _numbered(pages, max(sheet.number for sheet in sheets)), tuple(remarks))


def too_many_cells() -> Rejected:
    return Rejected("too_large", f"more than {MAX_CELLS} cells", "split the file by department")


def column_name(number: int) -> str:
    """The letters of a column, as a spreadsheet shows them: 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, _COLUMN_LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(slots=True)
class Printer:
    """Prints the cells of one sheet under their formats; remembers what to remark of them."""

    number: int
    name: str
    from_1904: bool = False
    strange: dict[str, list[str]] = field(default_factory=dict)
    invisible: list[str] = field(default_factory=list)
    stored_only: list[str] = field(default_factory=list)

    def figure(self, value: float, code: str, row: int, column: int) -> str:
        """What a number prints. A format that is not understood and a figure that its format hides are remarked."""
        rendered = render(value, code, from_1904=self.from_1904)
        self._remember(rendered, code, row, column)
        if value and not rendered.text:
            self.invisible.append(f"{column_name(column)}{row}")
        return rendered.text

    def text(self, text: str, code: str, row: int, column: int) -> str:
        """What a text prints."""
        rendered = render_text(text, code)
        self._remember(rendered, code, row, column)
        return clean(rendered.text)

    def unprinted(self, row: int, column: int) -> None:
        """A figure of which the file stores the value only, and not what the cell shows."""
        self.stored_only.append(f"{column_name(column)}{row}")

    def _remember(self, rendered: Rendered, code: str, row: int, column: int) -> None:
        if not rendered.is_understood:
            self.strange.setdefault(code, []).append(f"{column_name(column)}{row}")

    def remarks(self) -> Iterator[Remark]:
        for code, places in self.strange.items():
            message = f"sheet {self.name}: the number format {code!r} is not understood; what it formats is printed as General"
            yield Remark("number_format", f"{message} ({_places(places)})", self.number)
        if self.stored_only:
            message = f"sheet {self.name}: the file has the value of {_places(self.stored_only)}, and not what is printed there"
            yield Remark("number_format", message, self.number)
        if self.invisible:
            message = (
                f"sheet {self.name}: the number format of {_places(self.invisible)} prints nothing, and a figure stands there"
            )
            yield Remark("hidden_cell", message, self.number)


def _places(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more cells"


def formulas_without_results(count: int, sheet: str, row: int, column: int) -> Rejected:
    """The refusal of a workbook whose figures were never computed: nothing of it can be known."""
    return Rejected(
        "formula_without_result",
        f"{count} formulas have no stored result, the first in sheet {sheet}, cell {column_name(column)}{row}: what they print"
        " is not in the file",
        "open it in an office program, which computes them, and save it",
    )


def clean(text: str) -> str:
    """The text of a cell without white space at the ends of its lines, and without empty lines."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _numbered(pages: Sequence[Page], last: int) -> tuple[Page, ...]:
    """The pages with an empty one for each sheet that is not shown: a page's number is its sheet's place in the file."""
    shown = {page.number: page for page in pages}
    return tuple(shown.get(number) or Page(number, ()) for number in range(1, last + 1))


def _hidden_sheet(sheet: Sheet) -> Remark:
    figures = _count(has_digit(cell.text) for cell in sheet.cells)
    return Remark("hidden_sheet", f"sheet {sheet.name} is hidden and was not read; {figures}", sheet.number)


def _count(have_digits: Iterator[bool]) -> str:
    number = sum(have_digits)
    return f"{number} of its cells hold figures" if number else "no figure stands in it"


def _visible(sheet: Sheet) -> tuple[list[SheetCell], list[Remark]]:
    """The cells that are shown, in reading order, and a remark for each run of hidden rows and columns that hold something.

    A merged cell is shown as long as one of its rows and one of its columns is.
    """
    if not (sheet.hidden_rows or sheet.hidden_columns):
        return sorted(sheet.cells, key=lambda c: (c.row, c.column)), []
    shown: list[SheetCell] = []
    by_row: dict[int, list[SheetCell]] = {}
    by_column: dict[int, list[SheetCell]] = {}
    for cell in sheet.cells:
        row = _first_shown(cell.row, cell.last_row, sheet.hidden_rows)
        column = _first_shown(cell.column, cell.last_column, sheet.hidden_columns)
        if row is None:
            by_row.setdefault(cell.row, []).append(cell)
        elif column is None:
            by_column.setdefault(cell.column, []).append(cell)
        else:
            height, width = cell.last_row - row + 1, cell.last_column - column + 1
            shown.append(replace(cell, row=row, column=column, row_span=height, column_span=width))
    remarks = [
        Remark("hidden_row", _hidden_message(sheet, "row", first, last, by_row), sheet.number, first)
        for first, last in _runs(sorted(by_row))
    ]
    remarks += [
        Remark("hidden_column", _hidden_message(sheet, "column", first, last, by_column), sheet.number)
        for first, last in _runs(sorted(by_column))
    ]
    return sorted(shown, key=lambda c: (c.row, c.column)), remarks


def _first_shown(first: int, last: int, hidden: frozenset[int]) -> int | None:
    return next((place for place in range(first, last + 1) if place not in hidden), None)


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        yield run[0], run[-1]


def _hidden_message(sheet: Sheet, what: str, first: int, last: int, cells: dict[int, list[SheetCell]]) -> str:
    names = [column_name(n) if what == "column" else str(n) for n in (first, last)]
    place = f"{what} {names[0]} is" if first == last else f"{what}s {names[0]} to {names[1]} are"
    figures = _count(has_digit(cell.text) for n in range(first, last + 1) for cell in cells[n])
    return f"sheet {sheet.name}: {place} hidden and was not read; {figures}"


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells that begin in a row, and whether an empty row (one without a frame) stands above it."""

    number: int
    cells: tuple[SheetCell, ...]
    after_gap: bool

    @property
    def has_number(self) -> bool:
        return any(parse_number(c.text) is not None and not is_nothing(c.text) for c in self.cells)


def _blocks(sheet: Sheet, cells: Sequence[SheetCell]) -> tuple[Line | Table, ...]:
    rows = list(_rows(sheet, cells))
    draws_frames = sum(sum(c.is_framed for c in row.cells) > 1 for row in rows) >= FRAMED_ROWS
    blocks: list[Line | Table] = []
    tables = 0
    for is_table, group in _grouped(rows, draws_frames):
        title, body = _split(group, draws_frames) if is_table else (group, [])
        blocks.extend(line for row in title for line in _lines(sheet.number, row))
        if not body:
            continue
        if not blocks and _TELLING_NAME.fullmatch(sheet.name):
            # A table without a word above it: what the sheet is called is all that says what it is.
            blocks.append(Line(sheet.number, body[0].number, sheet.name, is_paragraph=True))
        tables += 1
        blocks.append(_table(sheet.number, tables, body))
    return tuple(blocks)


def _rows(sheet: Sheet, cells: Sequence[SheetCell]) -> Iterator[_Row]:
    before = 0
    accounted = sorted(sheet.framed_rows | sheet.hidden_rows | sheet.wrapped_rows)
    for number, group in groupby(cells, key=lambda c: c.row):
        is_gap = number - before - 1 > bisect_left(accounted, number) - bisect_left(accounted, before + 1)
        yield _Row(number, tuple(group), is_gap)
        before = number


def _grouped(rows: Sequence[_Row], draws_frames: bool) -> Iterator[tuple[bool, list[_Row]]]:
    """Runs of rows that are one table, or text."""
    group: list[_Row] = []
    in_table = False
    for index, row in enumerate(rows):
        is_drawn = _is_framed(row) or (in_table and _is_amid(rows, index))
        is_table = is_drawn if draws_frames else _is_tabular(row, in_table) and not _heads_prose(rows, index)
        # In a sheet that draws its frames, an empty row without one ends a table.
        breaks = is_table != in_table or (is_table and draws_frames and row.after_gap)
        if group and breaks:
            yield in_table, group
            group = []
        in_table = is_table
        group.append(row)
    if group:
        yield in_table, group


def _is_framed(row: _Row) -> bool:
    # A figure beside another text is of a table, even if its frame was forgotten.
    return any(c.is_framed for c in row.cells) or (len(row.cells) > 1 and row.has_number)


def _is_amid(rows: Sequence[_Row], index: int) -> bool:
    """Whether a row without a frame stands amid a table: its label has no figures, and someone forgot to frame it."""
    for row in rows[index:]:
        if row.after_gap:
            return False
        if _is_framed(row):
            return True
        if not _is_tabular(row, in_table=True):
            return False
    return False


def _heads_prose(rows: Sequence[_Row], index: int) -> bool:
    """Whether a row is a numbered heading right above prose: without a frame it looks like the last row of a table above it."""
    if index + 1 == len(rows) or rows[index + 1].after_gap or len(rows[index].cells) > 1 or len(rows[index + 1].cells) > 1:
        return False
    text, below = rows[index].cells[0].text, rows[index + 1].cells[0].text
    return _NUMBERED.match(text) is not None and _is_prose(below) and _NOTE.match(below) is None


def _is_prose(text: str) -> bool:
    return len(text) > LONGEST_LABEL or text.endswith("。")


def _is_tabular(row: _Row, in_table: bool) -> bool:
    texts = [c.text for c in row.cells]
    within = in_table and not row.after_gap
    if len(texts) > 1:
        if row.has_number:
            return True
        fields = [_FIELD.match(text) is not None for text in texts]
        return not (all(fields) if within else any(fields))
    text = texts[0]
    return within and not (_is_prose(text) or _HEADING.search(text) or _NOTE.match(text) or _FIELD.match(text))


def _split(rows: list[_Row], draws_frames: bool) -> tuple[list[_Row], list[_Row]]:
    """The rows at the top of a table that are text above it, and the rest; everything where there is no table at all."""
    if all(len(row.cells) == 1 for row in rows):
        return rows, []
    # Fields of a cover (部门名称：| 某局), or a lone row of words.
    is_text = len(rows) == 1 or all(_FIELD.match(row.cells[0].text) for row in rows)
    if is_text and not draws_frames and not any(row.has_number for row in rows):
        return rows, []
    first = min(c.column for row in rows for c in row.cells)
    last = max(c.column for row in rows for c in row.cells)
    start = 0
    while len(rows[start].cells) == 1:
        cell = rows[start].cells[0]
        if draws_frames and not (cell.column <= first and cell.last_column >= last):
            break
        start += 1
    return rows[:start], rows[start:]


def _lines(page: int, row: _Row) -> Iterator[Line]:
    """A row of text: one line as it is printed, or the lines of each of its cells where they have several."""
    texts = [c.text for c in row.cells]
    parts = [line for text in texts for line in text.split("\n")] if any("\n" in text for text in texts) else ["  ".join(texts)]
    for part in parts:
        # A long text that ends without a mark may go on in the next row, as where prose was wrapped by hand.
        is_wrapped = len(part) >= SHORTEST_WRAPPED and part[-1] not in _ENDS
        yield Line(page, row.number, part, is_paragraph=not is_wrapped)


def _table(page: int, number: int, rows: Sequence[_Row]) -> Table:
    """The rows as a grid. Rows without text are left out, columns keep the numbers that they have in the sheet."""
    numbers = [row.number for row in rows]
    width = max(c.column for row in rows for c in row.cells)
    printing = sorted({c.column for row in rows for c in row.cells})
    cells: list[Cell] = []
    covered: set[tuple[int, int]] = set()
    for index, row in enumerate(rows):
        for c in row.cells:
            row_span = max(bisect_left(numbers, c.last_row + 1) - index, 1)
            column_span = min(c.last_column, width) - c.column + 1
            cells.append(Cell(index + 1, c.column, c.text, row_span, column_span))
            reached = printing[bisect_left(printing, c.column) : bisect_left(printing, c.column + column_span)]
            covered.update((r, column) for r in range(index + 1, index + 1 + row_span) for column in reached)
    if len(rows) * len(printing) > MAX_CELLS:
        raise too_many_cells()
    empty = (Cell(r, column, "") for r in range(1, len(rows) + 1) for column in printing if (r, column) not in covered)
    has_spans = any(c.row_span > 1 or c.column_span > 1 for c in cells)
    placed = tuple(sorted((*cells, *empty), key=lambda c: (c.row, c.column)))
    return Table(page, number, len(rows), width, placed, tuple(numbers), has_spans)
