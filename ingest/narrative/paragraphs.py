"""Lines put together again: paragraphs of prose without line breaks, each character of which knows its page and line.

A line end in a page means nothing to a reader, and words, numbers and units are broken there. Where lines have a place on
the page, an indent or a short line above begins a new paragraph; in a text, the punctuation and the numbering say it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Document, Line, Page, Table
from ingest.narrative.outline import begins_with_number, is_numbered_heading
from ingest.text import squash

FULL = 0.75  # a line that is shorter than this part of the widest one is not full
_PAGE_NUMBER = re.compile(
    r"[-—―─–\-•·\s]*(?:第\s*)?(?:\d{1,4}|[IVXⅠ-Ⅻivx]{1,5})(?:\s*页)?(?:\s*[/／共]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—―─–\-•·\s]*"
)
_ENDS = "。！？；：!?;:…"
# What can only go on with what stands before it, and never begins a paragraph.
_GOES_ON = re.compile(
    r"[%％，,。、；;：:）)”》个]|[（(](?![一二三四五六七八九十\d])|(?:百|千|万|亿)?元|\d[\d,，]*(?:\.\d+)?(?:[%％]|(?:百|千|万|亿)?元)"
)
_BREAKS_OFF = re.compile(r"[，、,（(“《\d.]$")
# What a line end does not tear apart: a figure and its unit, and marks that never begin a line with what stands before them.
_FIRST_TOKEN = re.compile(r"[^\d，。；：、）)”][，。；：、）)”]+|[\d.,%％\-]*(?:万元|亿元|元)?[，。；：、）)”]*")
_ENTRY_OF_CONTENTS = re.compile(r"(?:\.{4,}|…{2,}|·{4,}|．{3,})\s*\d*\s*$")
_MARKS = re.compile(r"^(?:#{1,6}|[-*•·](?=[一二三四五六七八九十（(第]))")
_OPEN_LEVELS = re.compile(r"（[类款]）[^（）。，；：]{1,30}$|（[类款]）?$")
_HEADING_TAIL = re.compile(r"[^，。；：]{0,12}(?:说明|情况|情况说明|名词解释|概况|表)。?")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph without white space.

    ``starts`` are the offsets at which ``places``, (page, line), begin; ``confidences`` are those of the lines there.
    """

    text: str
    starts: tuple[int, ...]
    places: tuple[tuple[int, int], ...]
    confidences: tuple[float | None, ...] = ()

    def place(self, offset: int) -> tuple[int, int]:
        """Page and line of a character."""
        return self.places[max(bisect_right(self.starts, offset) - 1, 0)]

    def confidence(self, start: int, end: int) -> float | None:
        """How surely the least certain line from one character to another was recognised; ``None`` where the file holds text."""
        first, last = (max(bisect_right(self.starts, offset) - 1, 0) for offset in (start, end - 1))
        return min((c for c in self.confidences[first : last + 1] if c is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Margins:
    """Where the lines of a page begin and end, and its middle, in points."""

    left: float
    right: float
    middle: float


def paragraphs(document: Document) -> Iterator[Paragraph]:
    """The paragraphs of a document in reading order; a table ends the paragraph above it."""
    gathered: list[Line] = []
    margins: _Margins | None = None
    for page in document.pages:
        previous_margins, margins = margins, _margins(page)
        lines = {id(line) for line in _prose_lines(page)}
        for block in page.blocks:
            if isinstance(block, Table):
                if gathered and gathered[-1].page == page.number:
                    yield from _closed(gathered)
                yield from _framed(block)
                continue
            if id(block) not in lines:
                continue
            if gathered:
                above = previous_margins if gathered[-1].page != page.number else margins
                if _begins_anew(gathered, block, above, margins):
                    yield from _closed(gathered)
            gathered.append(block)
    yield from _closed(gathered)


def _framed(table: Table) -> Iterator[Paragraph]:
    """The prose in a frame: a table of one column is none."""
    if table.column_count > 1:
        return
    for cell in table.cells:
        gathered: list[Line] = []
        for text in cell.text.split("\n"):
            line = Line(table.page, table.row_numbers[cell.row - 1], text, confidence=cell.confidence)
            if gathered and _begins_anew(gathered, line, None, None):
                yield from _closed(gathered)
            gathered.append(line)
        yield from _closed(gathered)


def _closed(gathered: list[Line]) -> Iterator[Paragraph]:
    if not gathered:
        return
    text = ""
    starts: list[int] = []
    places: list[tuple[int, int]] = []
    confidences = tuple(line.confidence for line in gathered)
    for line in gathered:
        starts.append(len(text))
        places.append((line.page, line.number))
        text += _text(line)
    gathered.clear()
    if text:
        yield Paragraph(text, tuple(starts), tuple(places), confidences)


def _text(line: Line) -> str:
    """A line without white space, and without the marks of headings and lists in Markdown."""
    return _MARKS.sub("", squash(line.text))


def _prose_lines(page: Page) -> Iterator[Line]:
    """The lines of a page without its page number and without entries of a table of contents."""
    lines = page.lines
    for index, line in enumerate(lines):
        if index in (0, len(lines) - 1) and _PAGE_NUMBER.fullmatch(line.text.strip()):
            continue
        if not _ENTRY_OF_CONTENTS.search(line.text):
            yield line


def _margins(page: Page) -> _Margins | None:
    boxes = [line.box for line in page.lines if line.box is not None and not _PAGE_NUMBER.fullmatch(line.text.strip())]
    if not boxes:
        return None
    left, widest = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    # A full stop at the end of a line hangs over the margin; the margin is where most full lines end. On a page of headings and
    # short paragraphs few lines are full.
    ends = sorted(box.x1 for box in boxes if box.x1 - left > FULL * (widest - left))
    right = ends[int((len(ends) - 1) * 0.75)]
    return _Margins(left, right, (left + right if page.width is None else page.width) / 2)


def _begins_anew(gathered: Sequence[Line], line: Line, above: _Margins | None, margins: _Margins | None) -> bool:
    last = gathered[-1]
    text, previous = _text(line), _text(last)
    is_ended = previous[-1:] in _ENDS if previous else True
    if not is_ended and _GOES_ON.match(text) and not begins_with_number(text):
        return False
    if last.is_paragraph:
        # An entry of the contents ends in its page, and the next paragraph is no rest of it.
        return is_ended or is_numbered_heading(text) or not _BREAKS_OFF.search(previous)
    if last.box is None or line.box is None or above is None or margins is None:
        return _begins_anew_in_text("".join(_text(part) for part in gathered), text, is_ended)
    em = _em(line)
    if _is_centred(line, margins) or _is_centred(last, above):
        if is_numbered_heading(previous) and last.box.x1 - last.box.x0 < 2 * above.middle / 3:
            # 第五部分 附件 takes less than a third of the page: what does not go on beside it is a heading of its own.
            return True
        return not (_is_centred(line, margins) and _is_centred(last, above) and not is_ended and not begins_with_number(text))
    token = _FIRST_TOKEN.match(text)
    room = _width(token.group() if token else "") + 1.6
    is_short = (above.right - last.box.x1) / em > room
    is_indented = (line.box.x0 - margins.left) / em > 0.9
    if _BREAKS_OFF.search(previous) and not is_indented:
        return False
    if is_indented and last.page == line.page and abs(line.box.x0 - last.box.x0) < em / 2 and not is_short and not is_ended:
        # A block that is indented as a whole.
        return begins_with_number(text)
    return is_indented or is_short or (is_ended and begins_with_number(text))


def _begins_anew_in_text(previous: str, text: str, is_ended: bool) -> bool:
    if is_ended:
        return True
    if _OPEN_LEVELS.search(previous) and not begins_with_number(text):
        # The names of class, section and item go on: …（款）机关事业单 / 位基本养老保险缴费支出（项）.
        return False
    if is_numbered_heading(previous) and not _BREAKS_OFF.search(previous):
        # A heading goes on in the next line only where that ends as headings do.
        return not (
            _HEADING_TAIL.fullmatch(text) and not _HEADING_TAIL.fullmatch(previous[-14:]) and not begins_with_number(text)
        )
    return is_numbered_heading(text) or (begins_with_number(text) and not _BREAKS_OFF.search(previous) and _starts_item(text))


def _starts_item(text: str) -> bool:
    # In hard-wrapped text "1.5万元" at a line's start is a figure, "1.因公出国" an item.
    return re.match(r"\d+\.\d", text) is None


def _width(text: str) -> float:
    return sum(0.5 if ord(character) < 0x2000 else 1.0 for character in text)


def _em(line: Line) -> float:
    assert line.box is not None
    return max((line.box.x1 - line.box.x0) / max(_width(squash(line.text)), 1.0), 4.0)


def _is_centred(line: Line, margins: _Margins) -> bool:
    assert line.box is not None
    left, right = line.box.x0 - margins.left, margins.right - line.box.x1
    em = _em(line)
    # Between its margins or, where no line is full and these are not known, on the page.
    is_between = right > 2.6 * em and abs(left - right) < 2 * em
    is_in_the_middle = abs(line.box.x0 + line.box.x1 - 2 * margins.middle) < em
    return (left > 2.6 * em and (is_between or is_in_the_middle)) or (is_in_the_middle and line.box.x0 > margins.middle / 2)
