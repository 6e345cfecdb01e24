"""Draw a disclosure as PDF: ruled tables with merged cells that run over pages, and plain paragraphs.

The font is a name that every PDF reader knows for Chinese (STSong-Light); nothing is embedded, which keeps files small.
``invariant`` keeps dates and identifiers out, so that the same disclosure gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from samples.render.document import Paragraph, Rendering, Section
from samples.render.grid import Grid, GridCell

FONT = "STSong-Light"
MARGIN = 48.0
PADDING = 2.5
NOTES_HEIGHT = 46.0


@dataclass(frozen=True, slots=True)
class Look:
    """How the pages of one disclosure look."""

    font_size: float = 8.5
    repeat_header: bool = False
    split_rows: bool = False  # a row may continue on the next page
    shifted: float = 0.0  # some amounts stand that much higher than their label
    flow: bool = False  # a form starts on the page of the last one if it fits
    page_numbers: str = ""  # such as "— {} —"
    gap: float = 4.0  # over each table
    break_numbers: bool = False  # a line of prose may end inside a number


@dataclass(slots=True)
class Pen:
    """Where the next line goes."""

    canvas: Canvas
    look: Look
    width: float = A4[0]
    height: float = A4[1]
    y: float = 0.0
    page: int = 0
    used: bool = False

    def new_page(self, wide: bool = False) -> None:
        if self.page:
            self.finish()
        size = landscape(A4) if wide else A4
        self.canvas.setPageSize(size)
        self.width, self.height = size
        self.y = self.height - MARGIN
        self.page += 1
        self.used = False

    def finish(self) -> None:
        if self.look.page_numbers and self.page > 1:
            self.canvas.setFont(FONT, 9)
            self.canvas.drawCentredString(self.width / 2, 26, self.look.page_numbers.format(self.page))
        self.canvas.showPage()

    def room(self) -> float:
        return self.y - MARGIN

    def text(self, text: str, size: float, align: str = "left", leading: float = 1.6) -> None:
        self.canvas.setFont(FONT, size)
        self.y -= size * leading
        if align == "center":
            self.canvas.drawCentredString(self.width / 2, self.y, text)
        elif align == "right":
            self.canvas.drawRightString(self.width - MARGIN, self.y, text)
        else:
            self.canvas.drawString(MARGIN, self.y, text)
        self.used = True


def wrap(text: str, size: float, width: float, break_numbers: bool = False) -> list[str]:
    """Break a text into lines by width, between any two characters but, unless asked to, inside no number."""
    if not text:
        return []
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in paragraph if break_numbers else _pieces(paragraph):
            if line and pdfmetrics.stringWidth(line + piece, FONT, size) > width:
                lines.append(line)
                line = ""
            line += piece
        lines.append(line)
    return lines


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        if pieces and (character.isdigit() or character in ".,%") and pieces[-1][-1].isascii() and pieces[-1][-1].strip():
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def render_pdf(rendering: Rendering, look: Look, path: Path) -> dict[str, int]:
    """Write the file and tell on which page each form begins."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), invariant=1, pageCompression=1)
    canvas.setTitle(rendering.title)
    canvas.setAuthor("juesuan samples")
    pen = Pen(canvas, look)
    pages: dict[str, int] = {}
    for section in rendering.sections:
        first = _section(pen, section)
        if section.form:
            pages[section.form] = first
    pen.finish()
    canvas.save()
    return pages


def _section(pen: Pen, section: Section) -> int:
    wide = section.wide
    fresh = not pen.page or section.new_page or (pen.width > pen.height) != wide
    blocks = list(section.blocks)
    if not fresh and any(isinstance(b, Grid) for b in blocks):
        need = sum(_height(pen, b) for b in blocks)
        fresh = not pen.look.flow or need > pen.room()
        if not fresh:
            pen.y -= 24
    if fresh:
        pen.new_page(wide)
    first = pen.page
    for block in blocks:
        if isinstance(block, Grid):
            _table(pen, block)
        else:
            _paragraph(pen, block)
    return first


def _height(pen: Pen, block: Grid | Paragraph) -> float:
    if isinstance(block, Grid):
        widths = _widths(block, pen.width - 2 * MARGIN)
        return sum(_row_height(block, y, widths, pen.look.font_size) for y in range(len(block.rows))) + 30
    return block.size * 2


def _paragraph(pen: Pen, paragraph: Paragraph) -> None:
    if paragraph.skip:
        pen.y -= paragraph.skip
    if paragraph.left or paragraph.right:
        # Department, year and unit on one line: three pieces of text.
        pen.canvas.setFont(FONT, paragraph.size)
        pen.y -= paragraph.size * 1.6
        pen.canvas.drawString(MARGIN, pen.y, paragraph.left)
        pen.canvas.drawCentredString(pen.width / 2 + 30, pen.y, paragraph.text)
        pen.canvas.drawRightString(pen.width - MARGIN, pen.y, paragraph.right)
        pen.used = True
        return
    indent = "    " if paragraph.indent else ""
    end = -len(indent)
    for line in wrap(indent + paragraph.text, paragraph.size, pen.width - 2 * MARGIN, pen.look.break_numbers):
        if pen.room() < paragraph.size * 2:
            pen.new_page(pen.width > pen.height)
        pen.text(line, paragraph.size, paragraph.align, paragraph.leading)
        end += len(line)
        for stated in paragraph.stated:
            if not stated.claim.page and stated.offset < end:
                stated.claim.page = str(pen.page)


# -- tables ----------------------------------------------------------------------------------------------------


def _widths(grid: Grid, width: float) -> list[float]:
    whole = sum(grid.weights)
    return [width * weight / whole for weight in grid.weights]


def _cell_lines(cell: GridCell, x: int, widths: Sequence[float], size: float) -> list[str]:
    return wrap(cell.text, size, sum(widths[x : x + cell.column_span]) - 2 * PADDING)


def _row_height(grid: Grid, y: int, widths: Sequence[float], size: float) -> float:
    lines = 1
    for x, cell in enumerate(grid.rows[y]):
        if cell is not None and cell.row_span == 1:
            lines = max(lines, len(_cell_lines(cell, x, widths, size)))
    # A tall merged header cell spreads its lines over its rows.
    for y0 in range(max(0, y - 4), y + 1):
        for x, cell in enumerate(grid.rows[y0]):
            if cell is not None and cell.row_span > 1 and y0 + cell.row_span - 1 >= y:
                lines = max(lines, -(-len(_cell_lines(cell, x, widths, size)) // cell.row_span))
    return lines * size * 1.25 + 2 * PADDING


def _table(pen: Pen, grid: Grid) -> None:
    size = pen.look.font_size
    widths = _widths(grid, pen.width - 2 * MARGIN)
    heights = [_row_height(grid, y, widths, size) for y in range(len(grid.rows))]
    pen.y -= pen.look.gap
    grid = _cut_at_page_ends(grid, heights, pen.room(), pen.height - 2 * MARGIN)
    y = 0
    header = range(grid.header_rows)
    while y < len(grid.rows):
        if y < grid.header_rows:
            # Merged header cells keep the header together.
            if pen.room() < sum(heights[i] for i in header) + 20:
                pen.new_page(pen.width > pen.height)
            _rows(pen, grid, list(header), widths, heights)
            y = grid.header_rows
            continue
        # The last row keeps the notes company.
        needed = heights[y] + (NOTES_HEIGHT if y == len(grid.rows) - 1 else 0)
        if pen.room() < needed:
            split = _split(grid.rows[y], widths, size, pen.room()) if pen.look.split_rows else None
            if split:
                first, rest = split
                _rows(pen, Grid(grid.weights, 0, [first]), [0], widths, [pen.room() - 1])
            pen.new_page(pen.width > pen.height)
            if pen.look.repeat_header:
                _rows(pen, grid, list(header), widths, heights)
            if split:
                part = Grid(grid.weights, 0, [rest])
                _rows(pen, part, [0], widths, [_row_height(part, 0, widths, size)])
                y += 1
                continue
        _rows(pen, grid, [y], widths, heights)
        y += 1
    pen.y -= 2


def _cut_at_page_ends(grid: Grid, heights: Sequence[float], room: float, page: float) -> Grid:
    """The grid with each merged cell of its body cut where a page ends: its text stays above, the rest of it is blank."""
    rows = [list(row) for row in grid.rows]
    room -= sum(heights[: grid.header_rows])
    for y in range(grid.header_rows, len(rows)):
        needed = heights[y] + (NOTES_HEIGHT if y == len(rows) - 1 else 0)
        if room >= needed:
            room -= heights[y]
            continue
        room = page - heights[y]
        for y0 in range(grid.header_rows, y):
            for x, cell in enumerate(rows[y0]):
                if cell is not None and y0 + cell.row_span > y:
                    rows[y0][x] = replace(cell, row_span=y - y0)
                    rows[y][x] = replace(cell, text="", row_span=y0 + cell.row_span - y)
    return Grid(grid.weights, grid.header_rows, rows)


def _split(row: Sequence[GridCell | None], widths: Sequence[float], size: float, room: float) -> tuple[Any, Any] | None:
    """The part of a row that still fits, and the rest of its broken labels; figures stay with the first part."""
    fit = int((room - 2 * PADDING - 1) // (size * 1.25))
    longest = max(len(_cell_lines(c, x, widths, size)) for x, c in enumerate(row) if c is not None)
    if fit < 1 or longest <= fit:
        return None
    first: list[GridCell | None] = []
    rest: list[GridCell | None] = []
    for x, cell in enumerate(row):
        if cell is None:
            first.append(None)
            rest.append(None)
            continue
        lines = _cell_lines(cell, x, widths, size)
        first.append(GridCell("\n".join(lines[:fit]), cell.align, cell.column_span))
        rest.append(GridCell("\n".join(lines[fit:]), cell.align, cell.column_span))
    return first, rest


def _rows(pen: Pen, grid: Grid, rows: list[int], widths: Sequence[float], heights: Sequence[float]) -> None:
    """Draw consecutive rows from the pen's place down."""
    size, canvas = pen.look.font_size, pen.canvas
    top = pen.y
    for y in rows:
        left = MARGIN
        for x, cell in enumerate(grid.rows[y]):
            if cell is not None:
                width = sum(widths[x : x + cell.column_span])
                height = sum(heights[i] for i in range(y, y + cell.row_span))
                canvas.setLineWidth(0.5)
                canvas.rect(left, top - height, width, height, stroke=1, fill=0)
                # Digits on another baseline than their label, as word processors leave them.
                shift = pen.look.shifted if cell.place is not None and y % 3 else 0.0
                lines = _cell_lines(cell, x, widths, size)
                base = top - (height - len(lines) * size * 1.25) / 2 - size
                _cell_text(pen, cell.align, lines, (left, left + width), min(base + shift, top - size + 0.5) if shift else base)
            left += widths[x]
        top -= heights[y]
    pen.y = top
    pen.used = True


def _cell_text(pen: Pen, align: str, lines: Sequence[str], sides: tuple[float, float], base: float) -> None:
    size, canvas = pen.look.font_size, pen.canvas
    canvas.setFont(FONT, size)
    left, right = sides
    for line in lines:
        if align == "right":
            canvas.drawRightString(right - PADDING, base, line)
        elif align == "center":
            canvas.drawCentredString((left + right) / 2, base, line)
        else:
            canvas.drawString(left + PADDING, base, line)
        base -= size * 1.25
