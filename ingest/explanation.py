"""Whether a file without amounts in forms is the explanation (情况说明) of a disclosure, published apart from its tables.

Decided from its chapters: the explanation itself, with sums of money in its sentences, beside an overview or a glossary. A notice
or a guide lists such chapters without writing them; a glossary has no explanation; a template has no sums.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from ingest.catalogue import Catalogue
from ingest.document import Document
from ingest.narrative.outline import numbering_of
from ingest.text import fold

LONGEST_HEADING = 60  # characters
COVER_LINES = 12
_SENTENCE_MARK = re.compile(r"[，。；]")


@dataclass(frozen=True, slots=True)
class Chapters:
    """How the chapters of a disclosure are headed, and what tells the whole. See the comments of ``chapters.yaml``."""

    headings: tuple[tuple[str, re.Pattern[str]], ...]  # (chapter, its headings); the first that matches counts
    title: re.Pattern[str]
    other: re.Pattern[str]
    figure: re.Pattern[str]

    def opened_by(self, line: str) -> str | None:
        """The chapter that a folded line is the heading of."""
        if len(line) > LONGEST_HEADING or _SENTENCE_MARK.search(line):
            return None
        line = line.lstrip("#").strip("*")
        numbering = numbering_of(line)
        heading = (line[numbering[1] :] if numbering else line).rstrip("：")
        return next((chapter for chapter, pattern in self.headings if pattern.fullmatch(heading)), None)


@cache
def chapters() -> Chapters:
    """The chapters of this installation's catalogue."""
    data: dict[str, Any] = yaml.safe_load(files("ingest.catalogue").joinpath("chapters.yaml").read_text(encoding="utf-8"))
    title, other, figure = (re.compile(data.pop(name)) for name in ("title", "other", "figure"))
    headings = tuple((chapter, re.compile("|".join(f"(?:{p})" for p in patterns))) for chapter, patterns in data.items())
    return Chapters(headings, title, other, figure)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a file has of an explanation: its chapters that are written out, its sums of money, and what it is said to be."""

    written: frozenset[str]
    figures: int  # sums of money in the chapter that explains the figures
    placeholders: int  # lines with XX局 and the like
    is_of_a_department: bool
    other: str | None  # what cover or file name call it, where that is something else, as 通知

    @property
    def is_template(self) -> bool:
        """Whether there is more to fill in than is filled in."""
        return self.placeholders > 0 and self.placeholders >= self.figures

    def lacks(self) -> str | None:
        """What keeps this from being the explanation of a disclosure, in words; ``None`` if nothing does."""
        if "explanation" not in self.written:
            return "no chapter of it explains a budget or a final account (情况说明)"
        if not self.written - {"explanation"}:
            return "it has neither an overview of the department (部门概况) nor a glossary (名词解释) beside its explanation"
        if not self.figures:
            return "its explanation states no sum of money"
        if self.other is not None:
            return f"it calls itself {self.other}"
        if not self.is_of_a_department:
            return "neither a heading nor the name of the file calls it 部门预算 or 部门决算 of a year"
        return None


def examine(document: Document, path: Path, catalogue: Catalogue) -> Explanation:
    """Look at the chapters of a document. The name of the file counts only for what the whole is called."""
    known = chapters()
    lines = [fold(line.text) for page in document.pages for line in page.lines if not catalogue.is_rubbish(line.text)]
    texts: dict[str, str] = {}
    for chapter, text in _written(lines, known):
        texts[chapter] = texts.get(chapter, "") + text + "\n"
    names = (*_cover(document), fold(path.stem))
    headings = (line for line in lines if len(line) <= LONGEST_HEADING and not _SENTENCE_MARK.search(line))
    return Explanation(
        written=frozenset(texts),
        figures=len(known.figure.findall(texts.get("explanation", ""))),
        placeholders=sum(catalogue.placeholder.search(line) is not None for line in lines),
        is_of_a_department=any(known.title.search(text) for text in (*headings, fold(path.stem))),
        other=next((found.group() for name in names if (found := known.other.search(name))), None),
    )


def _cover(document: Document) -> Iterator[str]:
    """What the first page with text says before sentences or a table of contents begin."""
    page = next((p for p in document.pages if p.lines), None)
    for line in page.lines[:COVER_LINES] if page else ():
        text = fold(line.text)
        if _SENTENCE_MARK.search(text) or text.startswith(("目录", "第一部分", "一、")):
            return
        yield text


def _written(lines: list[str], known: Chapters) -> Iterator[tuple[str, str]]:
    """Chapters with sentences under their heading: a heading without any is an entry of the table of contents."""
    chapter: str | None = None
    text = ""
    for line in lines:
        opened = known.opened_by(line)
        if opened is None:
            text += line
            continue
        if chapter is not None and _SENTENCE_MARK.search(text):
            yield chapter, text
        chapter, text = opened, ""
    if chapter is not None and _SENTENCE_MARK.search(text):
        yield chapter, text
