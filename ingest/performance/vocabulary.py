"""What is known about reports of self-evaluation, as data: ``ingest/catalogue/performance.yaml`` and the questions to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ingest.performance.grades import Grades
from ingest.text import fold, squash

HEAD_CELLS = 3  # printed cells of a table among which its own title, or 项目名称, may stand
LONGEST_TITLE = 60  # characters; a longer line is a sentence

_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d+[、.．]|附(?:件|表)?\d*[：:、.]?)")
_AMONG = re.compile(r"^其?中[：:]?")
# What stands in brackets behind a header without changing what it is: a unit, a letter for a formula, points.
_REMARK = re.compile(
    r"（(?:(?:金额)?(?:单位：?)?(?:人民币)?(?:亿元|百万元|万元|千元|元|分|%|％)|[A-Za-z]|[A-Za-z\d/÷×*+\-=%％．.]+|\d+分?)）$"
)
_EXPLAINED = re.compile(r"(?<=.)（.*）$")
_YEARED = re.compile(r"^（?\d{4}年?度?）?")
_SEPARATORS = " \t，,；;、。"


def _compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _compiled_map(entries: Mapping[str, Iterable[str]]) -> dict[str, re.Pattern[str]]:
    return {name: _compiled(patterns) for name, patterns in entries.items()}


def _first(patterns: Mapping[str, re.Pattern[str]], text: str) -> str | None:
    return next((name for name, pattern in patterns.items() if pattern.fullmatch(text)), None)


def label(text: str) -> str:
    """A header or label as the patterns see it: folded, without ordinals in front and remarks behind."""
    folded = _ORDINAL.sub("", fold(text))
    before = None
    while before != folded:
        before, folded = folded, _REMARK.sub("", folded)
    return folded.rstrip("：")


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the sentences of a report state as its result, as printed."""

    name: str | None
    budget_execution_score: str | None
    indicator_score: str | None
    total_score: str | None
    grade: str | None


class Vocabulary:
    """Compiled patterns and the lookups on them. Immutable after construction."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._titles = _compiled_map(data["titles"])
        self._part = re.compile(data["part"])
        self._heading = re.compile(data["heading"])
        self._fields = _compiled_map(data["fields"])
        self._bands = _compiled_map(data["bands"])
        self._roles = {band: _compiled_map(data[band]) for band in ("funds", "indicators")}
        self._groups = _compiled(data["groups"])
        self._funding = _compiled_map(data["funding"])
        self._total = _compiled(data["total"])
        self._outcome = _compiled(data["outcome"])
        self._levels = _compiled(data["levels"])
        self._signs = re.compile(data["signs"])
        self._unruled = re.compile(data["unruled"])
        self._units = re.compile(data["units"])
        self._unit_codes = [re.compile(pattern) for pattern in data["unit_code"]]
        self._sentences = {name: re.compile(pattern.strip()) for name, pattern in data["sentences"].items()}
        self._whole = re.compile(data["whole"])
        self.grades = Grades(data["grades"], data["boxes"]["ticked"], data["boxes"]["blank"])
        names = "|".join(pattern.pattern for pattern in self._fields.values())
        self._inline_field = re.compile(rf"(?:^|(?<=[\s，,；;]))(?P<label>{names})\s*[：:]\s*")

    # --- lines

    def title(self, text: str) -> str | None:
        """The kind of report that a line announces: ``evaluation``, ``department`` or ``plan``."""
        folded = _YEARED.sub("", _ORDINAL.sub("", fold(text).lstrip("#").strip("*")))
        folded = re.sub(r"（[^（）]*）$", "", folded)
        return _first(self._titles, folded) if len(folded) <= LONGEST_TITLE else None

    def is_part(self, text: str) -> bool:
        return self._part.fullmatch(fold(text)) is not None

    def is_heading(self, text: str) -> bool:
        return self._heading.fullmatch(fold(text)) is not None

    def inline_fields(self, text: str) -> list[tuple[str, str]]:
        """The fields that a line or a cell states with their values, as 项目名称：…, in order."""
        spaced = re.sub(r"[\s\u3000]+", " ", text.strip())
        found = list(self._inline_field.finditer(spaced))
        if not found or found[0].start() != 0:
            return []
        ends = [match.start() for match in found[1:]] + [len(spaced)]
        return [
            (_first(self._fields, label(match["label"])) or "other", spaced[match.end() : end].strip(_SEPARATORS))
            for match, end in zip(found, ends, strict=True)
        ]

    def speaks_of_whole(self, text: str) -> bool:
        """Whether a line speaks of a department as a whole."""
        return self._whole.search(fold(text)) is not None

    def is_unruled_header(self, text: str) -> bool:
        """Whether a line is the header of indicators, in a table that no reader could see."""
        return self._unruled.search(fold(text)) is not None and len(fold(text)) <= LONGEST_TITLE

    def has_signs(self, texts: Iterable[str]) -> bool:
        """Whether a table holds any word of an evaluation; most tables of a document do not."""
        return any(self._signs.search(text) for text in texts)

    def announces(self, lines: Iterable[str], table: Sequence[str]) -> bool:
        """Whether a table is one of a report on projects, by the lines above it or by its own cells, row by row.

        It is no part of a standard form then, whatever stands before it.
        """
        if any(self.title(line) is not None for line in (*lines, *table[:HEAD_CELLS])):
            return True
        names_project = any(self.field(text) == "project_name" for text in table[:HEAD_CELLS])
        return names_project and any(self.is_outcome(text) for text in table)

    # --- cells

    def field(self, text: str) -> str | None:
        return _first(self._fields, label(text))

    def band(self, text: str) -> str | None:
        """The band of a table that a cell names: ``funds``, ``indicators``, ``goals`` or ``notes``."""
        return _first(self._bands, label(text))

    def role(self, text: str, band: str) -> str | None:
        """What a header says of its column; a remark in brackets that is not known may explain it at length."""
        header = label(text)
        return _first(self._roles[band], header) or _first(self._roles[band], _EXPLAINED.sub("", header))

    def is_group(self, text: str) -> bool:
        return self._groups.fullmatch(label(text)) is not None

    def is_total(self, text: str) -> bool:
        return self._total.fullmatch(label(text)) is not None

    def is_outcome(self, text: str) -> bool:
        return self._outcome.fullmatch(label(text)) is not None

    def is_level(self, text: str) -> bool:
        return self._levels.fullmatch(label(text)) is not None

    def funding(self, text: str) -> str | None:
        """What a source of money is: ``total``, ``appropriation``, ``carried_over``, ``other``; ``None`` if not known."""
        return _first(self._funding, _AMONG.sub("", label(text)).lstrip("：—-"))

    def money_unit(self, text: str) -> str | None:
        found = self._units.search(fold(text))
        return (found["bracketed"] or found["stated"]) if found else None

    # --- values

    def unit_code_and_name(self, text: str) -> tuple[str | None, str]:
        """The code and the name of a unit that are printed together."""
        for pattern in self._unit_codes:
            found = pattern.fullmatch(text.strip())
            if found:
                return found["code"], squash(found["name"])
        return None, squash(text)

    def conclusion(self, lines: Iterable[str]) -> Conclusion | None:
        """The result that the lines of a report state, wherever they are wrapped."""
        text = squash("".join(lines))
        found = {name: pattern.search(text) for name, pattern in self._sentences.items()}
        if not any(found.values()):
            return None
        execution, indicators = found["budget_execution_score"], found["indicator_score"]
        # Several grades in one report are those of several things: none of them is the project's.
        graded = {match["grade"] for match in self._sentences["graded"].finditer(text)}
        result = found["conclusion"]
        stated = result or (found["graded"] if len(graded) == 1 else None)
        return Conclusion(
            name=result["name"] if result else None,
            budget_execution_score=execution["value"] if execution else None,
            indicator_score=indicators["value"] if indicators else None,
            total_score=stated["score"] if stated else None,
            grade=stated["grade"] if stated else None,
        )


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of this installation."""
    return Vocabulary(yaml.safe_load((files("ingest.catalogue") / "performance.yaml").read_text("utf-8")))
