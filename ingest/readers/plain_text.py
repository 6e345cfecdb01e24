"""Plain text and Markdown as OCR engines write it.

Tables are runs of lines with tabs, or Markdown pipe tables. Such text shows no merged cells (``has_spans`` is false) and knows no
pages unless it carries form feeds; a table that a page break interrupts continues after blank lines.
"""

from __future__ import annotations

import re
from pathlib import Path

from ingest.document import Cell, Document, Line, Page, Table
from ingest.parsed import Rejected

MEDIA_TYPE = "text/plain"
MAX_BYTES = 64 * 1024 * 1024
_PIPE_ROW = re.compile(r"^\s*\|.*\|\s*$")
_PIPE_RULE = re.compile(r"^\s*\|[\s:\-|]+\|\s*$")
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
    return Document(MEDIA_TYPE, tuple(pages))


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Rejected("not_text", "the content is neither UTF-8 nor GB18030 text", "save it as UTF-8 text")


def _cells_of(line: str) -> list[str] | None:
    """The cells of a table row, or ``None`` for a line of text."""
    if _PIPE_ROW.match(line):
        return [c.strip().replace("\\|", "|") for c in _ESCAPED_PIPE.split(line.strip()[1:-1])]
    if "\t" in line and not _CONTENTS_ENTRY.search(line):
        return [c.strip() for c in line.split("\t")]
    return None


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

    for number, line in enumerate(lines, start=first_line):
        if not line.strip() or _PIPE_RULE.match(line):
            continue
        cells = _cells_of(line)
        if cells is None:
            close_table()
            blocks.append(Line(page, number, line.strip()))
        else:
            pending.append((number, cells))
    close_table()
    return tuple(blocks)


def _table(page: int, number: int, rows: list[tuple[int, list[str]]]) -> Table:
    width = max(len(cells) for _, cells in rows)
    cells = tuple(
        Cell(r, c, text)
        for r, (_, texts) in enumerate(rows, start=1)
        for c, text in enumerate([*texts, *[""] * (width - len(texts))], start=1)
    )
    return Table(page, number, len(rows), width, cells, tuple(line for line, _ in rows), has_spans=False)
