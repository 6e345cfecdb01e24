"""Where the forms of a document are: titles joined to the tables that follow them, over pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.catalogue import Catalogue, Title
from ingest.document import Document, Line, Table
from ingest.forms.grid import TableView
from ingest.numbers import parse_number
from ingest.performance.vocabulary import vocabulary
from ingest.text import fold, squash

_ANY_TITLE = re.compile(r"[^。，；]{2,}表(（[^（）]*）)?")
_CODE = re.compile(r"[1-3]\d{2}(?:\d{2}){0,2}")

HEAD_LINES = 8  # lines between a title and its table: number, department, year, unit
WRAPPED_LINES = 3  # lines over which one title may be wrapped
PROSE = 45  # characters: a longer line is a sentence, not part of a form's head
CODED_ROWS = 3  # rows with a code and an amount that make a table look like the continuation of a form
HEAD_ROWS = 4  # rows of a table in which its own title may stand
RUNNING = 3  # pages on which a line must stand to be a running head
EDGE = 15.0  # points by which the frame of a table may shift from page to page


@dataclass(slots=True)
class LocatedForm:
    """A title with its tables in order, the lines of its head, and the remarks under it."""

    title: Title
    first_page: int
    title_line: Line | None = None  # where the title begins; None if it stands inside the table
    head: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    phases: list[tuple[Table, str]] = field(default_factory=list)  # 预算数 or 决算数 on a line of its own above a table

    @property
    def last_page(self) -> int:
        return self.tables[-1].page if self.tables else self.first_page


@dataclass(frozen=True, slots=True)
class BareHead:
    """A title with a unit under it, and no table that a reader could see: it may be drawn without ruling lines."""

    title: Title
    page: int


@dataclass(frozen=True, slots=True)
class Orphan:
    """A table with codes and amounts that stands under no known title, and the last line above it that may be one.

    ``after`` is the code of the form that ends on the same page or the one before, if any; ``resembles_it`` tells whether the
    table has as many columns as that form, and so may be its continuation.
    """

    page: int
    line_above: str
    after: str | None
    resembles_it: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The forms found, the titles that the table of contents promises, and what may be forms but could not be taken for one."""

    forms: tuple[LocatedForm, ...]
    promised: tuple[Title, ...]
    bare_heads: tuple[BareHead, ...]
    orphans: tuple[Orphan, ...]


def locate_forms(document: Document, catalogue: Catalogue) -> Layout:
    """Find the forms of a document in reading order."""
    finder = _Finder(catalogue, _running_lines(document, catalogue))
    for page in document.pages:
        for block in page.blocks:
            if isinstance(block, Line):
                finder.line(block)
            elif finder.is_head_in_frame(block):
                for cell in sorted(block.cells, key=lambda cell: (cell.row, cell.column)):
                    if cell.text.strip():
                        finder.line(Line(block.page, block.row_numbers[cell.row - 1], cell.text))
            else:
                finder.table(block)
    found = {form.title.form_code for form in finder.forms}
    bare = tuple(head for head in finder.heads if head.title.form_code not in found)
    return Layout(tuple(finder.forms), tuple(_promised(document, finder, catalogue)), bare, tuple(finder.orphans))


class _Finder:
    """Walks the blocks of a document; remembers the lines since the last table and the form they may continue."""

    def __init__(self, catalogue: Catalogue, running: frozenset[str]) -> None:
        self.catalogue = catalogue
        self.running = running
        self.forms: list[LocatedForm] = []
        self.heads: list[BareHead] = []
        self.orphans: list[Orphan] = []
        self.pending: list[Line] = []
        self.current: LocatedForm | None = None

    def line(self, line: Line) -> None:
        if self.catalogue.is_rubbish(line.text) or fold(line.text) in self.running:
            return
        self._remark(line)
        self.pending.append(line)
        if self.catalogue.unit(line.text):
            found = self._find_title(line.page)
            if found is not None:
                self.heads.append(BareHead(found[0], line.page))

    def _remark(self, line: Line) -> None:
        """Keep the remarks right under a table, and forms that consist of a title and a remark only."""
        is_remark = self.catalogue.is_note(line.text) or self.catalogue.says_no_data(line.text)
        # A note may be wrapped: what follows one directly is part of it until something else begins.
        follows = self.current is not None and len(self.pending) <= WRAPPED_LINES + 1 and not self._has_title(self.pending)
        if self.current is not None and follows and is_remark and all(self._is_remark_text(p.text) for p in self.pending):
            self.current.notes.append(line.text)
            return
        if self.catalogue.says_no_data(line.text) and len(fold(line.text)) <= PROSE * 2:
            found = self._find_title(line.page)
            if found is not None and not any(f.title.form_code == found[0].form_code for f in self.forms):
                title, start = found
                head = [p.text for p in self.pending[start:]]
                self.forms.append(LocatedForm(title, line.page, self.pending[start], head, [], [line.text]))
                self.current = self.forms[-1]
                self.pending.clear()

    def _is_remark_text(self, text: str) -> bool:
        return self.catalogue.is_note(text) or self.catalogue.says_no_data(text) or len(fold(text)) > PROSE // 2

    def _has_title(self, lines: Sequence[Line]) -> bool:
        return any(self.catalogue.title(line.text) for line in lines)

    def table(self, table: Table) -> None:
        found = self._find_title(table.page)
        if found is None:
            inside = self._title_inside(table)
            if inside is not None:
                found = (inside, max(0, len(self.pending) - HEAD_LINES))
        current = self.current
        if found is not None:
            title, start = found
            head = [line.text for line in self.pending[max(0, start - 2) :]]
            # A title that is printed again on the next page goes on; another title of the same pattern is another form.
            if current is not None and title.text == current.title.text and self._follows(current, table):
                current.tables.append(table)
            else:
                first = self.pending[start] if start < len(self.pending) else None
                self.current = LocatedForm(title, table.page, first, head, [table])
                self.forms.append(self.current)
        elif self._judges_projects(table):
            self.current = None  # read by ingest.performance
        elif current is not None and self._continues(current, table):
            current.tables.append(table)
        else:
            self.current = None
            if _coded_rows(table):
                self.orphans.append(self._orphan(table))
        if self.current is not None:
            phase = next((p for line in self.pending if (p := self.catalogue.phase(line.text)) is not None), None)
            if phase is not None:
                self.current.phases.append((table, phase))
        self.pending.clear()

    def is_head_in_frame(self, table: Table) -> bool:
        """Whether a table holds nothing but the head of a form: its title, department, number or unit set side by side."""
        texts = [cell.text for cell in table.cells if cell.text.strip()]
        if table.row_count > HEAD_ROWS or not any(self._is_head(text) for text in texts):
            return False
        titles = [text for text in texts if self.catalogue.title(text) is not None]
        return len(titles) <= 1 and all(text in titles or self._is_head(text) for text in texts)

    def _judges_projects(self, table: Table) -> bool:
        cells = sorted((cell.row, cell.column, cell.text) for cell in table.cells if cell.text.strip())
        return vocabulary().announces((line.text for line in self.pending), [text for _, _, text in cells])

    def _orphan(self, table: Table) -> Orphan:
        texts = (p.text for p in reversed(self.pending) if not self._is_head(p.text))
        above = next(texts, "")
        form = self.forms[-1] if self.forms else None
        if form is None or table.page - form.last_page > 1:
            return Orphan(table.page, above, None, False)
        same_columns = bool(form.tables) and form.tables[-1].column_count == table.column_count
        # Under a title of its own, though one that is not known, a table goes on with nothing.
        resembles = same_columns and _coded_rows(table) >= CODED_ROWS and not self._is_any_title(above)
        return Orphan(table.page, above, form.title.form_code, resembles)

    def _find_title(self, page: int) -> tuple[Title, int] | None:
        """The nearest title above, by itself or wrapped over lines, and the index of its first pending line."""
        for seen, end in enumerate(range(len(self.pending), 0, -1)):
            last = self.pending[end - 1]
            if last.page < page - 1 or (last.page < page and any(p.page == page for p in self.pending[:end])):
                return None
            for length in range(1, min(WRAPPED_LINES, end) + 1):
                lines = self.pending[end - length : end]
                title = self.catalogue.title("".join(line.text for line in lines))
                if title is not None:
                    return self._widest(end - length, end, title)
            if seen >= HEAD_LINES or self._is_prose(last.text):
                return None
        return None

    def _widest(self, start: int, end: int, title: Title) -> tuple[Title, int]:
        """A wrapped title can end in a shorter title (财政拨款 / 收入支出决算总表): take the longest that reads as one."""
        for wider in range(start - 1, max(-1, start - WRAPPED_LINES), -1):
            longer = self.catalogue.title("".join(line.text for line in self.pending[wider:end]))
            if longer is not None and longer.form_code != title.form_code and len(longer.text) > len(title.text):
                return longer, wider
        return title, start

    def _is_prose(self, text: str) -> bool:
        folded = fold(text)
        if self.catalogue.is_note(text):
            return False  # a remark may stand between a title and the sentence that there is nothing to report
        return folded.endswith("。") or len(folded) > PROSE * 2

    def _title_inside(self, table: Table) -> Title | None:
        """A title printed in the first rows of the table itself, as spreadsheets do.

        A table of several titles is a table of contents.
        """
        titles = [title for cell in table.cells if cell.text and (title := self.catalogue.title(cell.text)) is not None]
        if len({title.form_code for title in titles}) != 1:
            return None
        first = {cell.text for cell in table.cells if cell.row <= HEAD_ROWS}
        return titles[0] if any(self.catalogue.title(text) for text in first) else None

    def _follows(self, form: LocatedForm, table: Table) -> bool:
        last = form.tables[-1] if form.tables else None
        return last is not None and table.page - last.page <= 2 and _same_frame(last, table)

    def _continues(self, form: LocatedForm, table: Table) -> bool:
        """Whether a table without a title goes on with the form before it."""
        if not form.tables or table.page - form.last_page > 2:
            return False
        kind = self.catalogue.forms[form.title.form_code]
        if kind.shape in ("list", "measures"):
            return not any(
                self._is_prose(p.text) or self.catalogue.is_note(p.text) or self._is_any_title(p.text) for p in self.pending
            )
        if not all(self._is_head_line(p.text, kind.shape) for p in self.pending):
            return False
        return _same_frame(form.tables[-1], table)

    def _is_any_title(self, text: str) -> bool:
        return _ANY_TITLE.fullmatch(fold(text)) is not None and not self._is_head(text)

    def _is_head(self, text: str) -> bool:
        catalogue = self.catalogue
        return bool(catalogue.unit(text) or catalogue.number(text) or catalogue.department.search(text))

    def _is_head_line(self, text: str, shape: str) -> bool:
        # A line of header words is the header that a page break cut from its table.
        return self._is_head(text) or all(self.catalogue.is_header_word(word, shape) for word in text.split())


def _running_lines(document: Document, catalogue: Catalogue) -> frozenset[str]:
    """Lines that stand at the edges of several pages, such as the name of the document: they belong to no form."""
    return frozenset(
        text
        for text, count in Counter(_edges(document)).items()
        if count >= RUNNING
        and not (catalogue.title(text) or catalogue.unit(text) or catalogue.number(text))
        and not (catalogue.department.search(text) or catalogue.is_note(text) or catalogue.phase(text))
    )


def _edges(document: Document) -> Iterator[str]:
    """The texts that stand first or last on a page. A text without form feeds shows its pages only where tables break off."""
    if len(document.pages) == 1:
        blocks = document.pages[0].blocks
        for index, block in enumerate(blocks):
            beside = (*blocks[max(0, index - 1) : index], *blocks[index + 1 : index + 2])
            if isinstance(block, Line) and any(isinstance(other, Table) for other in beside):
                yield fold(block.text)
        return
    for page in document.pages:
        yield from {fold(block.text) for block in (*page.blocks[:1], *page.blocks[-1:]) if isinstance(block, Line)}


def _coded_rows(table: Table) -> int:
    """How many rows begin with a classification code and print an amount."""
    view = TableView.of(table)
    coded = 0
    for row in view.rows():
        cells = list(view.starting(row))
        begins = bool(cells) and _CODE.fullmatch(squash(cells[0].text)) is not None
        coded += begins and any(parse_number(c.text) for c in cells[1:])
    return coded


def _same_frame(before: Table, after: Table) -> bool:
    if before.box is not None and after.box is not None:
        same_sides = abs(before.box.x0 - after.box.x0) <= EDGE and abs(before.box.x1 - after.box.x1) <= EDGE
        return same_sides or before.column_count == after.column_count
    # Text shows no empty cells at the end of a row: a continuation can only be narrower.
    return after.column_count <= before.column_count


def _promised(document: Document, finder: _Finder, catalogue: Catalogue) -> Iterator[Title]:
    """Titles in the table of contents: lines, or cells of a table, that are nothing but a title, before the first form."""
    seen: set[str] = set()
    for text in _texts_before(document, finder.forms[0] if finder.forms else None):
        title = catalogue.contents_entry(text)
        if title is not None and title.text not in seen:
            seen.add(title.text)
            yield title


def _texts_before(document: Document, form: LocatedForm | None) -> Iterator[str]:
    """The lines, each pair of lines as one (a long title is wrapped in the contents, too), and the cells before a form."""
    above = ""
    for page in document.pages:
        for block in page.blocks:
            if form is not None and (block is form.title_line or any(block is table for table in form.tables)):
                return
            if isinstance(block, Table):
                yield from (cell.text for cell in block.cells)
                above = ""
            else:
                yield block.text
                yield above + block.text
                above = block.text
