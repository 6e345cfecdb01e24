"""Reasons that the program gives in fixed words, in the language of the page; what it tells of figures stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reporting.site.words import LANGUAGE_TAGS, term, word
from reporting.units import Language

_Say = Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason as it is shown, and the tag of its language."""

    text: str
    tag: str


def _form(match: re.Match[str]) -> str:
    return term(match["form"], "zh")


# Each has to match the whole of a reason: of one that says more nothing is translated.
_IN_CHINESE: tuple[tuple[re.Pattern[str], _Say], ...] = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        ("the final account of the year before is not loaded", lambda _: "没有收录上年决算"),
        ("the budget disclosure of the year is not loaded", lambda _: "没有收录当年预算"),
        ("no unit of the department is known for the year", lambda _: "不知道该部门当年有哪些单位"),
        (
            "of its own level and its units these are not loaded for the year: (?P<units>.+)",
            lambda match: f"本级和所属单位当年没有收录的：{match['units'].replace(', ', '、')}",
        ),
        (r"the form (?P<form>\w+) is listed but not in the disclosure", lambda match: f"目录列出“{_form(match)}”，公开中没有"),
        ("the form prints no total that its rows could be added up to", lambda _: "表中没有可供各行相加核对的合计"),
        (
            "the table of contents lists (?P<title>[^,]+), the disclosure does not have it",
            lambda match: f"目录列出“{match['title']}”，公开中没有",
        ),
        (
            "the head of the form names (?P<named>[^,]+), the document is of (?P<own>[^,]+)",
            lambda match: f"表头写的是“{match['named']}”，文件属于“{match['own']}”",
        ),
    )
)
_INPUT = re.compile(r"(?P<metric>\w+)(?: with disclosure_kind = (?P<kind>\w+))? is (?P<state>not known|zero)")


def reason(text: str | None, language: Language) -> Reason:
    """What is said of ``text`` on a page: Chinese where it is known, else the English of the program."""
    if text and language == "zh":
        for pattern, say in _IN_CHINESE:
            if match := pattern.fullmatch(text):
                return Reason(say(match), LANGUAGE_TAGS["zh"])
    return Reason(text or "", LANGUAGE_TAGS["en"])


def metric_reason(text: str, labels: Mapping[str, str], language: Language) -> Reason:
    """Why a metric has no value. ``labels``: metric to its name in the language of the page."""
    match = _INPUT.fullmatch(text)
    if match is None or match["metric"] not in labels:
        return reason(text, language)
    named = labels[match["metric"]]
    if match["kind"]:
        named = word("of_kind", language, name=named, kind=word(match["kind"], language))
    state = "not_known" if match["state"] == "not known" else "is_zero"
    return Reason(word(state, language, name=named), LANGUAGE_TAGS[language])
