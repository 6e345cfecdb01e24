"""Delimited text (.csv, .tsv, and text that was saved as .xls): the cells of one sheet, without merges or drawn lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from ingest.document import Document
from ingest.parsed import Rejected
from ingest.readers.sheet import MAX_CELLS, Sheet, SheetCell, clean, document_of, too_many_cells

MEDIA_TYPE = "text/csv"
MAX_BYTES = 64 * 1024 * 1024
LONGEST_FIELD = 1024 * 1024  # characters
DELIMITERS = "\t;,"  # in the order of preference: a comma may stand in any figure
_BYTE_ORDER = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATOR_LINE = re.compile(r"sep=(?P<delimiter>.)\r?\n", re.IGNORECASE)  # what Excel writes for itself
_LEADING_GROUP = re.compile(r"[-+(]?\d{1,3}")
_FURTHER_GROUP = re.compile(r"\d{3}(?:\.\d+)?\)?")

Record = tuple[int, list[str]]  # the line of the file where it begins, and its fields


def read_delimited(path: Path) -> Document:
    """Read delimited text into the neutral document, as one page.

    Raises :class:`Rejected`: ``too_large``, ``not_text``, ``damaged``, ``no_delimiter`` or ``split_figures``.
    """
    if path.stat().st_size > MAX_BYTES:
        raise Rejected("too_large", f"a text of more than {MAX_BYTES // 1024**2} MiB", "split the file by department")
    text = _decode(path.read_bytes())
    if not text.strip():
        raise Rejected("empty_file", "the file holds nothing but white space", "download it again")
    records = _records(text, path.suffix.lower())
    cells = [
        SheetCell(line, column, cleaned)
        for line, fields in records
        for column, value in enumerate(fields, start=1)
        if (cleaned := clean(value))
    ]
    if len(cells) > MAX_CELLS:
        raise too_many_cells()
    return document_of(MEDIA_TYPE, [Sheet(1, "", cells, wrapped_rows=frozenset(_wrapped(records)))])


def _decode(data: bytes) -> str:
    encodings = [name for mark, name in _BYTE_ORDER if data.startswith(mark)] or ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Rejected("not_text", "the content is neither UTF-8, UTF-16 nor GB18030 text", "save it as UTF-8 text")


def _records(text: str, suffix: str) -> list[Record]:
    """The records of a text by the delimiter that divides it best."""
    named = _SEPARATOR_LINE.match(text)
    if named:
        return list(_parse(text[named.end() :], named["delimiter"], 2))
    parsed = {d: list(_parse(text, d, 1)) for d in DELIMITERS if d in text}
    if not parsed:
        raise Rejected("no_delimiter", "no comma, semicolon or tab divides it into cells", "save it anew as CSV, or as .txt")
    preferred = "\t" if suffix in (".tsv", ".tab") else ""
    delimiter = max(parsed, key=lambda d: (d == preferred, _regularity(parsed[d]), -DELIMITERS.index(d)))
    records = parsed[delimiter]
    if delimiter == ",":
        _require_whole_figures(records)
    return records


def _parse(text: str, delimiter: str, first_line: int) -> Iterator[Record]:
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = first_line
    try:
        for fields in reader:
            yield line, fields
            line = first_line + reader.line_num
    except csv.Error as error:
        raise Rejected("damaged", f"line {line} cannot be divided into cells ({error})", "save it anew as CSV") from error


def _regularity(records: Sequence[Record]) -> int:
    """How many records have the same number of fields, of those with more than one."""
    counts = Counter(len(fields) for _, fields in records if len(fields) > 1)
    return max(counts.values(), default=0)


def _require_whole_figures(records: Sequence[Record]) -> None:
    """Refuse a text in which the comma that divides cells also divides figures: 1,234.50 without quotation marks is two cells.

    What a program saves has the same number of cells in each row; such a row has more, and a pair that reads as one figure.
    """
    widths = Counter(len(fields) for _, fields in records if len(fields) > 1)
    usual = max(widths, key=lambda width: (widths[width], -width), default=0)
    for line, fields in records:
        if len(fields) <= usual:
            continue
        for left, right in pairwise(fields):
            if _LEADING_GROUP.fullmatch(left.strip()) and _FURTHER_GROUP.fullmatch(right) and left == left.rstrip():
                raise Rejected(
                    "split_figures",
                    f"line {line}: {left},{right} may be one figure or two: commas divide its cells, and the row has"
                    f" {len(fields)} where most have {usual}",
                    "save it with quotation marks around figures, with tabs between cells, or as .xlsx",
                )


def _wrapped(records: Sequence[Record]) -> Iterator[int]:
    """Lines of the file that go on with the record above them."""
    for (line, _), (following, _) in pairwise(records):
        yield from range(line + 1, following)
