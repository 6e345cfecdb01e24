"""Documents that flow: text and tables one after the other, cells that hold both, pages known only by their breaks.

Word files and web pages are such documents. Their readers make blocks of what they find; this module makes pages, lines and
grids of the blocks, and tells the tables that print something in rows and columns from those that only arrange a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.document import Document, Line, Page, Remark, Table
from ingest.parsed import Rejected
from ingest.readers.placing import SpanCell, SpanRow, placed_table

MAX_PAGES = 2000
QUOTED = 30  # characters of a hidden text that a remark quotes


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``\\n`` in it is a line end that was set by hand.

    ``is_navigation`` tells of links to other pages: outside tables they are passed over.
    """

    text: str
    is_navigation: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a page: set by the author, or ``is_rendered``, where the program that saved the file had printed one."""

    is_rendered: bool = False


@dataclass(frozen=True, slots=True)
class Hidden:
    """Text that is in the file and is not printed."""

    text: str


@dataclass(slots=True)
class FlowCell:
    """A cell with what stands in it."""

    blocks: list[Block] = field(default_factory=list)
    row_span: int = 1
    column_span: int = 1


@dataclass(slots=True)
class FlowTable:
    """Rows of cells, merged cells standing in the first of their rows only."""

    rows: list[list[FlowCell]] = field(default_factory=list)


Block = Text | Break | Hidden | FlowTable


def compose(blocks: Sequence[Block], media_type: str, remarks: Iterable[Remark] = ()) -> Document:
    """The neutral document that ``blocks`` print. Raises :class:`Rejected` for more than ``MAX_PAGES`` pages."""
    composer = _Composer()
    composer.add(blocks)
    pages = tuple(Page(number, tuple(content)) for number, content in enumerate(composer.pages, start=1))
    return Document(media_type, pages, (*composer.remarks(), *remarks))


def with_pages(documents: Sequence[Document], media_type: str) -> Document:
    """Several documents as one, their pages counted on."""
    pages: list[Page] = []
    remarks: list[Remark] = []
    for document in documents:
        before = len(pages)
        remarks += [replace(r, page=None if r.page is None else r.page + before) for r in document.remarks]
        for page in document.pages:
            number = page.number + before
            pages.append(replace(page, number=number, blocks=tuple(replace(block, page=number) for block in page.blocks)))
    return Document(media_type, tuple(pages), tuple(remarks))


class _Composer:
    """Walks the blocks and fills the pages."""

    def __init__(self) -> None:
        self.pages: list[list[Line | Table]] = [[]]
        self._hidden: list[tuple[int, str]] = []
        self._skipped = 0
        self._lines = self._tables = 0  # on the last page
        self._is_fresh = False  # nothing is printed since an author ended a page

    def add(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            if isinstance(block, Text):
                if block.is_navigation:
                    self._skipped += 1
                else:
                    self._text(block.text)
            elif isinstance(block, Break):
                self._break(block)
            elif isinstance(block, Hidden):
                self._hide(block)
            elif is_arrangement(block):
                for row in block.rows:
                    for cell in row:
                        self.add(cell.blocks)
            else:
                self._table(block)

    def remarks(self) -> Iterator[Remark]:
        if self._hidden:
            page, text = self._hidden[0]
            quoted = text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
            places = f"{len(self._hidden)} places" if len(self._hidden) > 1 else "one place"
            yield Remark("hidden_text", f"text at {places} is hidden and was not read, the first {quoted!r}", page)
        if self._skipped:
            yield Remark("navigation_skipped", f"{self._skipped} lines that are nothing but links were taken for navigation")

    def _text(self, text: str) -> None:
        page = self.pages[-1]
        parts = [part.strip() for part in text.split("\n")]
        parts = [part for part in parts if part]
        for index, part in enumerate(parts, start=1):
            self._lines += 1
            page.append(Line(len(self.pages), self._lines, part, is_paragraph=index == len(parts)))
            self._is_fresh = False

    def _break(self, block: Break) -> None:
        # Where an author ends a page the program prints the next one: both marks are one end.
        if block.is_rendered and self._is_fresh:
            self._is_fresh = False
            return
        if len(self.pages) >= MAX_PAGES:
            raise Rejected(
                "too_large",
                f"more than the {MAX_PAGES} pages that one disclosure may have",
                "split the file by department",
            )
        self.pages.append([])
        self._lines = self._tables = 0
        self._is_fresh = not block.is_rendered

    def _hide(self, block: Hidden) -> None:
        text = " ".join(block.text.split())
        if text:
            self._hidden.append((len(self.pages), text))

    def _table(self, table: FlowTable) -> None:
        rows: list[SpanRow] = []
        breaks = 0
        # A break before the first text of a table stands before the table.
        leading = max((_leading_breaks(cell) for row in table.rows[:1] for cell in row), default=0)
        for _ in range(leading):
            self._break(Break(is_rendered=True))
        for row in table.rows:
            rows.append(SpanRow([SpanCell(c.row_span, c.column_span, "\n".join(_lines(c.blocks))) for c in row]))
            breaks += max((sum(isinstance(b, Break) for b in _all(c.blocks)) for c in row), default=0)
            for cell in row:
                for block in _all(cell.blocks):
                    if isinstance(block, Hidden):
                        self._hide(block)
        while rows and not any(cell.text.strip() for cell in rows[-1].cells):
            rows.pop()
        page = self.pages[-1]
        if rows:
            self._tables += 1
            page.append(placed_table(len(self.pages), self._tables, rows))
            self._is_fresh = False
        for _ in range(breaks - leading):
            self._break(Break(is_rendered=True))


def _leading_breaks(cell: FlowCell) -> int:
    count = 0
    for block in cell.blocks:
        if not isinstance(block, Break):
            break
        count += 1
    return count


def is_arrangement(table: FlowTable) -> bool:
    """Whether a table only arranges what stands in it: one column, or other tables that print more cells than it does itself."""
    if all(sum(1 for _ in row) <= 1 for row in table.rows):
        return True
    inner = sum(_printing(nested) for nested in _nested(table))
    own = sum(1 for row in table.rows for cell in row if any(_is_printed(block) for block in cell.blocks))
    return inner > own


def _nested(table: FlowTable) -> Iterator[FlowTable]:
    """The tables in the cells of ``table``, tables in them as well, but for those of one cell, which are frames."""
    for row in table.rows:
        for cell in row:
            for block in cell.blocks:
                if isinstance(block, FlowTable):
                    if sum(len(inner) for inner in block.rows) > 1:
                        yield block
                    yield from _nested(block)


def _printing(table: FlowTable) -> int:
    return sum(any(_is_printed(block) for block in cell.blocks) for row in table.rows for cell in row)


def _is_printed(block: Block) -> bool:
    """Whether a block prints text itself; a frame of one cell does what stands in it does."""
    if isinstance(block, FlowTable):
        cells = [cell for row in block.rows for cell in row]
        return len(cells) == 1 and any(_is_printed(inner) for inner in cells[0].blocks)
    return isinstance(block, Text) and bool(block.text.strip())


def _all(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks and those in the cells of their tables."""
    for block in blocks:
        yield block
        if isinstance(block, FlowTable):
            for row in block.rows:
                for cell in row:
                    yield from _all(cell.blocks)


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    """What a cell prints: its paragraphs, and a row of a table in it as one line."""
    for block in blocks:
        if isinstance(block, Text):
            yield from (line.strip() for line in block.text.split("\n") if line.strip())
        elif isinstance(block, FlowTable):
            for row in block.rows:
                line = " ".join(" ".join(_lines(cell.blocks)) for cell in row).strip()
                if line:
                    yield line
