"""Plain text and Markdown as OCR engines write it.

Tables are runs of lines with tabs, Markdown pipe tables, or HTML tables inside Markdown, which some engines write for
the sake of merged cells; the other two show none (``has_spans`` is false). Such text knows no pages unless it carries
form feeds; a table that a page break interrupts continues after blank lines.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path

from ingest.document import Cell, Document, Line, Page, Table
from ingest.parsed import Rejected
from ingest.readers.bounds import require_length
from ingest.readers.html_tables import HtmlTables
from ingest.readers.placing import placed_table, require_places

MEDIA_TYPE = "text/plain"
# Such a table often stands on one line: its rows are numbered within it, as on a page, not by line.
MEDIA_TYPE_WITH_HTML = "text/markdown"
BARE_PIPES = 2  # separators in a row of a pipe table without outer pipes; fewer may be prose
MAX_BYTES = 64 * 1024 * 1024
_PIPE_ROW = re.compile(r"^\s*\|.*\|\s*$")
_PIPE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*\|[\s:\-|]*$")
# What engines wrap around lines to place them; the text is what counts.
_TAGS = re.compile(r"</?(?:div|p|center|span|b|strong|em|i|u|font|h[1-6]|br|html|body|sub|sup)\b[^>]*>", re.IGNORECASE)
_HTML_TABLE = re.compile(r"<table\b", re.IGNORECASE)
# Comments, which some engines leave between pages.
_COMMENT = re.compile(r"<!--.*?-->")
# Marks of emphasis around a text, and of mathematics around a number, as engines write them into cells.
_EMPHASIS = re.compile(r"\*\*+|(?<!_)__(?!_)")
_MATHEMATICS = re.compile(r"\$\s*([^$]*?)\s*\$")
_ESCAPED_PIPE = re.compile(r"(?<!\\)\|")
# An entry of a table of contents: OCR puts a tab before its page number.
_CONTENTS_ENTRY = re.compile(r"(?:\.{3,}|…+|·{3,})\s*\t?\s*\d*\s*$")


def read_text(path: Path) -> Document:
    """Read a text file into the neutral document. Raises :class:`Rejected` when it is no text."""
    if path.stat().st_size > MAX_BYTES:
        raise Rejected("too_large", f"a text of more than {MAX_BYTES // 1024**2} MiB", "split the file by department")
    text = _decode(path.read_bytes())
    if not text.strip():
        raise Rejected("empty_file", "the file holds nothing but white space", "download it again")
    pages = []
    first_line = 1
    for number, part in enumerate(text.split("\f"), start=1):
        lines = part.splitlines()
        pages.append(Page(number, _blocks(number, first_line, lines)))
        first_line += len(lines)
    has_html = any(table.has_spans for page in pages for table in page.tables)
    return Document(MEDIA_TYPE_WITH_HTML if has_html else MEDIA_TYPE, tuple(pages))


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Rejected("not_text", "the content is neither UTF-8 nor GB18030 text", "save it as UTF-8 text")


def _cells_of(line: str, is_bare: bool) -> list[str] | None:
    """The cells of a table row, or ``None`` for a line of text. In a bare table the outer pipes are separators, too."""
    if _PIPE_ROW.match(line) and not is_bare:
        return [_bare(c) for c in _ESCAPED_PIPE.split(line.strip()[1:-1])]
    if len(_ESCAPED_PIPE.findall(line)) >= BARE_PIPES:
        return [_bare(c) for c in _ESCAPED_PIPE.split(line)]
    if "\t" in line and not _CONTENTS_ENTRY.search(line):
        return [c.strip() for c in line.split("\t")]
    return None


def _bare(cell: str) -> str:
    """A cell of Markdown without its markup: what a reader of the rendered page sees."""
    return _MATHEMATICS.sub(r"\1", _EMPHASIS.sub("", cell)).strip().replace("\\|", "|")


def _blocks(page: int, first_line: int, lines: list[str]) -> tuple[Line | Table, ...]:
    blocks: list[Line | Table] = []
    pending: list[tuple[int, list[str]]] = []
    tables = 0

    def close_table() -> None:
        nonlocal tables
        if pending:
            tables += 1
            blocks.append(_table(page, tables, pending))
            pending.clear()

    html: HtmlTables | None = None
    is_bare = False
    for number, line in enumerate(lines, start=first_line):
        if html is None and _HTML_TABLE.search(line):
            close_table()
            html = HtmlTables()
        if html is not None:
            html.feed(line + "\n")
            if html.is_closed:
                html.close()  # text behind the last tag is held back until then
                for above, rows in zip_longest(html.texts, html.tables):
                    blocks.extend(Line(page, number, text.strip()) for text in above.splitlines() if text.strip())
                    if rows is not None:
                        tables += 1
                        blocks.append(placed_table(page, tables, rows))
                html = None
            continue
        if _PIPE_RULE.match(line) and pending:
            # The row above it is the first of a table; what stands before that is another one.
            first = pending.pop()
            close_table()
            pending.append(first)
            continue
        # Before anything is looked for in it.
        require_length(line, page, f"line {number}")
        text = _TAGS.sub("", _COMMENT.sub("", line))
        if not text.strip():
            continue
        cells = _cells_of(text, is_bare)
        if cells is None:
            close_table()
            blocks.append(Line(page, number, text.strip()))
            is_bare = False
        else:
            is_bare = is_bare or (not pending and _PIPE_ROW.match(text) is None)
            pending.append((number, cells))
    if html is not None:
        raise Rejected("truncated", f"an HTML table that begins before line {number} is not closed", "export it again")
    close_table()
    return tuple(blocks)


def _table(page: int, number: int, rows: list[tuple[int, list[str]]]) -> Table:
    width = max(len(cells) for _, cells in rows)
    require_places(width * len(rows))
    cells = tuple(
        Cell(r, c, text)
        for r, (_, texts) in enumerate(rows, start=1)
        for c, text in enumerate([*texts, *[""] * (width - len(texts))], start=1)
    )
    return Table(page, number, len(rows), width, cells, tuple(line for line, _ in rows), has_spans=False)
