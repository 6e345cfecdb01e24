"""What tells when a document was published, and whether it corrects an earlier one: dates and words, in it and in its name.

Nothing is decided here. Which of several documents of one disclosure is the current one is settled in SQL, when all are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import PurePath

from ingest.document import Document, Page
from ingest.parsed import PublicationMark
from ingest.text import fold

COVER_LINES = 12

_DAY = (
    r"(?P<year>20\d\d)(?:年|[-./])"
    r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})(?:月|[-./])"
    r"(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日?"
)
# A line that is nothing but a date, perhaps in brackets: what stands under a title or a signature.
_LONE_DAY = re.compile(rf"（?{_DAY}）?")
_LABELLED_DAY = re.compile(rf"(?:发布|公布|公开|发文|成文|印发|更新|修订|更正)(?:日期|时间)：?{_DAY}(?!\d)")
# 更新 is also what a department may do (城市更新局, 设备更新): alone it says something only at the end of a name or title.
_CORRECTION = re.compile(
    r"更正|勘误|修订|修正|重新(?:公开|公布|发布)|(?<!城市)(?<!设备)更新(?:版|后|稿|件|公告|说明|通知|(?=$|[）\-_.\d]))"
)
_DAY_IN_NAME = re.compile(
    r"(?<!\d)P0(?P<y1>20\d\d)(?P<m1>0[1-9]|1[0-2])(?P<d1>0[1-9]|[12]\d|3[01])\d{6,}"  # attachments of the usual publishing system
    r"|(?<!\d)(?P<y2>20\d\d)(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])(?:\d{6})?(?!\d)"
    r"|(?<!\d)(?P<y3>20\d\d)(?:年|[-._])(?P<m3>\d{1,2})(?:月|[-._])(?P<d3>\d{1,2})(?!\d)"
)
_NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五六七八九", start=1)}


def read_marks(document: Document) -> tuple[PublicationMark, ...]:
    """The dates of publication and words of correction that a document prints, each once, with its first place."""
    found: dict[tuple[str, str], PublicationMark] = {}
    for mark in _marks(document):
        found.setdefault((mark.kind, mark.value), mark)
    return tuple(found.values())


def date_in_path(path: str) -> date | None:
    """The day that a path names: in the file's name, else in the nearest folder (or archive) whose name has one."""
    for part in reversed(PurePath(path).parts):
        for found in _DAY_IN_NAME.finditer(part):
            year, month, day = (text for text in found.groups() if text is not None)
            said = _date(year, month, day)
            if said is not None:
                return said
    return None


def correction_in_path(path: str) -> str | None:
    """The word by which a file's name, or the folder that it lies in, says that it corrects an earlier publication."""
    name, *folders = reversed(PurePath(path).parts)
    for part in (PurePath(name).stem, *folders[:1]):
        found = _CORRECTION.search(fold(part))
        if found is not None:
            return found.group()
    return None


def _marks(document: Document) -> Iterator[PublicationMark]:
    pages = [page for page in document.pages if page.lines]
    if not pages:
        return
    yield from _of_cover(pages[0])
    for page in pages:
        for line in page.lines:
            labelled = _LABELLED_DAY.search(fold(line.text))
            if labelled is not None:
                yield from _day(labelled, "text", page.number, line.text)
    # The signature under an explanation.
    for line in pages[-1].lines:
        lone = _LONE_DAY.fullmatch(fold(line.text))
        if lone is not None:
            yield from _day(lone, "signature", pages[-1].number, line.text)


def _of_cover(page: Page) -> Iterator[PublicationMark]:
    for line in page.lines[:COVER_LINES]:
        text = fold(line.text)
        if text.startswith(("目录", "第一部分")):
            return
        lone = _LONE_DAY.fullmatch(text)
        if lone is not None:
            yield from _day(lone, "cover", page.number, line.text)
        word = _CORRECTION.search(text)
        # A title, not a sentence about what was amended.
        if word is not None and not text.endswith("。"):
            yield PublicationMark("correction", word.group(), "cover", page.number, line.text)


def _day(found: re.Match[str], source: str, page: int, text: str) -> Iterator[PublicationMark]:
    said = _date(found["year"], found["month"], found["day"])
    if said is not None:
        yield PublicationMark("date", said.isoformat(), source, page, text)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), _number(month), _number(day))
    except ValueError:  # 2024年13月
        return None


def _number(text: str) -> int:
    """``8``, ``八``, ``十五`` or ``三十一``."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _NUMERALS.get(text, 0)
    return 10 * (_NUMERALS.get(tens, 0) if tens else 1) + (_NUMERALS.get(ones, 0) if ones else 0)
