"""The neutral document: what every reader makes of a file, whatever its format.

A reader reports what is printed and where. It decides nothing: not what a table means, not whether
a figure is right. After this point no code asks what kind of file a document was.

Pages, lines, tables, rows and columns are counted from 1, as a person would count them. Positions are
points (1/72 inch) from the top left corner of the page as a person sees it (rotation applied); readers of
formats without geometry leave them ``None``.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from its top left corner."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line of text outside tables.

    ``number`` is the line's place on its page; in a text file, its line in the file; in a sheet, its row. ``is_paragraph`` tells
    that the source ends a paragraph with it; elsewhere a line ends where the page is full, and its paragraph may go on.
    ``confidence``, from 0 to 1, tells how surely a line was recognised; it is ``None`` where the source holds text.
    """

    page: int
    number: int
    text: str
    box: Box | None = None
    is_paragraph: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table, merged cells being one cell with spans.

    ``text`` is as printed, its lines joined by ``\\n``. ``row`` and ``column`` are those of its top left
    corner in the grid of its table. ``confidence`` is that of its least certain character where the text was recognised, from
    0 to 1, else ``None``.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    box: Box | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells that stands on one page.

    ``has_spans`` tells whether the source shows merged cells: a text file does not, so there an empty
    header cell may belong to its neighbour. ``row_numbers`` are the numbers by which a reader of the source
    would find each row: the row of the table on its page, the line in a text file, or the row of a sheet. Columns of a sheet keep
    the numbers that they have in it.
    """

    page: int
    number: int
    row_count: int
    column_count: int
    cells: tuple[Cell, ...]
    row_numbers: tuple[int, ...]
    has_spans: bool = True
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its blocks (lines outside tables, and tables) in reading order.

    ``has_image`` helps to tell a scan from an empty page. ``name`` is what the source calls it, as a sheet of a workbook.
    ``is_recognised`` tells that the page is a picture and its text a reading of it.
    """

    number: int
    blocks: tuple[Line | Table, ...]
    width: float | None = None
    height: float | None = None
    has_image: bool = False
    name: str | None = None
    is_recognised: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Line))

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Table))


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a reader passed over or could not know, as a hidden row. ``kind`` is a stable code."""

    kind: str
    message: str
    page: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: its pages in order, and what a reader has to say of the file beside them."""

    media_type: str
    pages: tuple[Page, ...] = field(default=())
    remarks: tuple[Remark, ...] = ()

    @property
    def text_source(self) -> str:
        """Where its text comes from: ``text`` that the file holds, ``recognised`` pictures, or ``mixed`` pages of both."""
        kinds = {page.is_recognised for page in self.pages if page.blocks}
        if kinds == {True}:
            return "recognised"
        return "mixed" if True in kinds else "text"
