"""Headings of the prose: how they are numbered, and which stand above a paragraph.

Publishers number sections in several systems and shift them from year to year; only the order of the systems matters, never a
number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# From the outermost inwards. The last characters keep figures apart: 1.5万元 is no item.
_SYSTEMS = (
    re.compile(r"第[一二三四五六七八九十]+(?:部分|章)[：:、]?"),
    re.compile(r"(?:附件|附录)\d*[：:]?(?=.{0,30}$)"),
    re.compile(r"项目名称[：:]"),
    re.compile(r"第[一二三四五六七八九十]+节"),
    re.compile(r"[一二三四五六七八九十]+[、.．]"),
    re.compile(r"[（(][一二三四五六七八九十]+[）)][、.．]?"),
    re.compile(r"\d{1,2}[、．.](?![\d])|\d{1,2}．(?!\d)"),
    re.compile(r"[（(]\d{1,2}[）)][、.．]?"),
    re.compile(r"\d{1,2}[）)]"),
    re.compile(r"[①-⑳]"),
)
MAX_HEADING = 60
_PUNCTUATION = re.compile(r"[，。；,;]")
_FIGURE = re.compile(r"\d(?:[\d,，.]*)(?:[%％]|(?:百|千|万|亿)?元)")
# A heading that the text follows in the same line: （一）机关运行经费支出情况。2022年…
_RUN_IN = re.compile(r"(?P<heading>[^，。；：:,]{2,40}(?:情况|说明|情况说明))[。：:.]?(?P<rest>.*)", re.DOTALL)
# A full stop ends items of lists, and headings only where they end as headings do.
_ENDS_AS_HEADING = re.compile(r"(?:情况|说明|概况|解释|构成)。$")
# Chapters without a number: their last words tell them from a line of text.
_UNNUMBERED = re.compile(
    r"[^，。；：]{0,34}(?:情况说明|编制说明|说明书?|名词解释|专业名词|解释|概况|基本情况|主要职能|主要职责|机构设置|单位构成|情况)"
)
GLOSSARY = re.compile(r"名词|解释")
# What a glossary explains: 二、事业收入：指…
DEFINITION = re.compile(r"[^，。；\d]{0,40}?[：，]?(?:是指|指|主要反映|反映)")
CONTENTS = re.compile(r"^目录$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as printed, and its system of numbering (0 is the outermost)."""

    level: int
    text: str


def numbering_of(text: str) -> tuple[int, int] | None:
    """The system of numbering that a text begins with, and how long the number is; ``None`` where it has none."""
    for level, system in enumerate(_SYSTEMS):
        found = system.match(text)
        if found and found.end() > 0:
            return level, found.end()
    return None


def begins_with_number(text: str) -> bool:
    """Whether a text begins as an item of a list or a section does."""
    return numbering_of(text) is not None


def is_numbered_heading(text: str) -> bool:
    """Whether a text is nothing but a numbered heading."""
    return numbering_of(text) is not None and _is_bare(text)


def _is_bare(text: str) -> bool:
    body = text.rstrip("：:")
    if body.endswith("。") and _ENDS_AS_HEADING.search(body) is not None:
        body = body[:-1]
    return len(body) <= MAX_HEADING and _PUNCTUATION.search(body) is None and _FIGURE.search(body) is None


def split_heading(text: str) -> tuple[Heading | None, int]:
    """The heading that a paragraph begins with, and where its text begins: at its end when it is nothing but a heading."""
    numbering = numbering_of(text)
    if numbering is None:
        if len(text) <= MAX_HEADING and _UNNUMBERED.fullmatch(text):
            return Heading(0, text), len(text)
        return None, 0
    level, start = numbering
    if _is_bare(text):
        return Heading(level, text.rstrip("。：:")), len(text)
    run_in = _RUN_IN.match(text, start)
    if run_in is None or level == 0 or not run_in["rest"] or _FIGURE.search(run_in["heading"]):
        return None, 0
    if text[run_in.end("heading")] in "。：:.":
        return Heading(level, text[: run_in.end("heading")]), run_in.start("rest")
    return None, 0


@dataclass
class Outline:
    """The headings above the current paragraph, outermost first."""

    headings: list[Heading]

    def enter(self, heading: Heading) -> None:
        """Go below a heading: those of its level and of inner ones end."""
        while self.headings and self.headings[-1].level >= heading.level:
            self.headings.pop()
        self.headings.append(heading)

    def path(self) -> str:
        """The headings as one text."""
        return " / ".join(heading.text for heading in self.headings)

    def texts(self) -> Iterator[str]:
        """The headings from the innermost outwards."""
        return (heading.text for heading in reversed(self.headings))
