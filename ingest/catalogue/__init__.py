"""The form catalogue: what is known about layouts, as data, and the questions the parser asks of it.

The knowledge is in ``forms.yaml`` (forms and their titles), ``headers.yaml`` (columns and rows) and ``heads.yaml``
(what stands around a form). A new layout is a new line there; see docs/adding_a_layout.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ingest.text import fold

LONGEST_TITLE = 90  # characters, with number, department and year in front
LONGEST_REMARK = 1000  # characters; what is longer is prose
TITLE_TAIL = 20  # characters in which the word 表 must stand

_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+[、.．]|（[一二三四五六七八九十\d]+）|\d+[、.．]|[①-⑳]|[-—★*#]+)")
_AMONG = re.compile(r"^其中[：:]?")
_TRAILING_UNIT = re.compile(r"（(?:单位：?)?(?:人民币)?(?:亿元|万元|元|%|％|辆|台|套|台、?套|个|人|人次)）$")
_YEAR = re.compile(r"^20\d\d年(?:度)?(?=.{2})")
_LEADERS = re.compile(r"[.．…·•\-—_]{2,}.*$|[.．…]+\d*$")


def _compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p.replace('决预', '(?:决算|预算)')})" for p in patterns))


def without_ordinals(text: str) -> str:
    """Folded text without the ordinals and the 其中： in front of it."""
    before = None
    while before != text:
        before, text = text, _AMONG.sub("", _ORDINAL.sub("", text))
    return text


@dataclass(frozen=True, slots=True)
class FormKind:
    """One entry of forms.yaml."""

    code: str
    shape: str  # summary | function | economic | measures | list
    standard: bool
    beside: str | None
    titles: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Title:
    """A recognised title: the form it names, the title proper, and the number printed before it."""

    form_code: str
    text: str
    number: str | None
    before: str = ""  # what stands in front of it: number, department, year


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """What a header path says of its column: an identifier and the phase, if it names one."""

    column_code: str
    phase: str | None


class Catalogue:
    """Compiled patterns and the lookups on them. Immutable after construction."""

    def __init__(self, forms: Mapping[str, Any], headers: Mapping[str, Any], heads: Mapping[str, Any]) -> None:
        self.forms: dict[str, FormKind] = {
            code: FormKind(code, entry["shape"], bool(entry.get("standard")), entry.get("beside"), _compiled(entry["titles"]))
            for code, entry in forms["forms"].items()
        }
        self._roles: dict[str, re.Pattern[str]] = {role: _compiled(patterns) for role, patterns in headers["roles"].items()}
        self._index_row = _compiled(headers["index_row"])
        self._neutral = _compiled(headers["neutral"])
        self._headings = _compiled(headers["headings"])
        self._columns: dict[str, re.Pattern[str]] = {code: _compiled(patterns) for code, patterns in headers["columns"].items()}
        self._prefixes = frozenset(headers["prefixes"])
        self._aliases: dict[str, str] = dict(headers["aliases"])
        self._shapes = {shape: frozenset(codes) for shape, codes in headers["shapes"].items()}
        self._only_in = {code: shape for shape, codes in headers["only_in"].items() for code in codes}
        self._phases: dict[str, re.Pattern[str]] = {phase: _compiled(patterns) for phase, patterns in headers["phases"].items()}
        self._measure_rows: dict[str, re.Pattern[str]] = {
            code: _compiled(patterns) for code, patterns in headers["measure_rows"].items()
        }
        self._count_rows: dict[str, re.Pattern[str]] = {
            unit: _compiled(patterns) for unit, patterns in headers["count_rows"].items()
        }
        before, name = _compiled(heads["before_title"]).pattern, _compiled(heads["name_before_title"]).pattern
        self._before_title = re.compile(f"(?:{before})*(?:{name})?(?:{before})*")
        self._after_title = _compiled(heads["after_title"])
        self._number = _compiled(heads["number"])
        self._unit = re.compile(heads["unit"])
        self._unit_in_header = re.compile(heads["unit_in_header"])
        self.department = re.compile(heads["department"])
        self._note = re.compile(heads["note"])
        self._signature = re.compile(heads["signature"])
        self._no_data = re.compile(heads["no_data"])
        self._rubbish = _compiled(heads["page_rubbish"])
        self.simulated = re.compile(heads["simulated"])
        self.counted_units = re.compile(heads["counted_units"])
        self.placeholder = re.compile(heads["placeholder"])

    # --- titles and heads

    def title(self, text: str) -> Title | None:
        """The form that a line (or the joined lines of a wrapped title) names, or ``None``."""
        folded = fold(text).lstrip("#").strip("*")
        # Every title ends in 表, but for a remark in brackets; most lines of a document are out at once.
        if len(folded) > LONGEST_TITLE or "表" not in folded[-TITLE_TAIL:]:
            return None
        rest = re.sub(rf"(?:{self._after_title.pattern})$", "", folded)
        best: tuple[int, str] | None = None
        for kind in self.forms.values():
            if kind.beside:
                continue
            for start in range(len(rest)):
                if kind.titles.fullmatch(rest, start) and self._before_title.fullmatch(rest[:start]):
                    if best is None or start < best[0]:
                        best = (start, kind.code)
                    break
        if best is None:
            return None
        start, code = best
        return Title(code, rest[start:], self.number(rest[:start]) or self.number(folded[len(rest) :]), rest[:start])

    def contents_entry(self, text: str) -> Title | None:
        """The form that a line of a table of contents names: its title without leaders and page number."""
        return self.title(_LEADERS.sub("", re.sub(r"\s+\d+\s*$", "", text.replace("\t", " "))))

    def alternate(self, code: str, title: str) -> str | None:
        """The code that a title of this form has where it stands beside another of the same pattern."""
        for kind in self.forms.values():
            if kind.beside == code and kind.titles.fullmatch(title):
                return kind.code
        return None

    def number(self, text: str) -> str | None:
        found = self._number.search(fold(text))
        return found.group() if found else None

    def unit(self, text: str) -> str | None:
        found = self._unit.search(fold(text))
        return found["unit"] if found else None

    def unit_in_header(self, text: str) -> str | None:
        found = self._unit_in_header.search(fold(text))
        return found["unit"] if found else None

    def is_note(self, text: str) -> bool:
        return self._note.fullmatch(fold(text)) is not None

    def is_signature(self, text: str) -> bool:
        return self._signature.fullmatch(fold(text)) is not None

    def says_no_data(self, text: str) -> bool:
        return len(text) <= LONGEST_REMARK and self._no_data.search(fold(text)) is not None

    def says_simulated(self, text: str) -> bool:
        return self.simulated.search(fold(text)) is not None

    def is_remark(self, text: str) -> bool:
        """Whether a text is a remark on a form, and no row of it."""
        return self.is_note(text) or self.says_no_data(text) or self.says_simulated(text)

    def is_rubbish(self, text: str) -> bool:
        """Whether a line is what page breaks leave: a page number, a rule, the word 续表."""
        return self._rubbish.fullmatch(fold(text)) is not None

    # --- headers

    def role(self, text: str) -> str | None:
        """The role of a header cell whose column holds no amount."""
        folded = header_text(text)
        for role, pattern in self._roles.items():
            if pattern.fullmatch(folded):
                return role
        return None

    def is_index_label(self, text: str) -> bool:
        return self._index_row.fullmatch(fold(text)) is not None

    def concept(self, text: str, shape: str) -> str | None:
        """The identifier that one header cell names in a form of this shape."""
        folded = header_text(text)
        known = self._shapes.get(shape)
        for code, pattern in self._columns.items():
            if known is not None and code not in known:
                continue
            if self._only_in.get(code, shape) == shape and pattern.fullmatch(folded):
                return code
        return None

    def phase(self, text: str) -> str | None:
        folded = header_text(text)
        for phase, pattern in self._phases.items():
            if pattern.fullmatch(folded):
                return phase
        return None

    def is_header_word(self, text: str, shape: str) -> bool:
        """Whether a cell can be a header: something that the catalogue knows as one."""
        folded = header_text(text)
        return (
            self.role(text) is not None
            or self.concept(text, shape) is not None
            or self.phase(text) is not None
            or not folded
            or self._neutral.fullmatch(folded) is not None
            or self._headings.fullmatch(folded) is not None
        )

    def column(self, path: Iterable[str], shape: str) -> ColumnMeaning | None:
        """What the header cells above a column, top to bottom, say of its amounts; ``None`` when the lowest is not understood."""
        texts = [t for t in path if t.strip()]
        if not texts:
            return None
        phase = None
        named: list[str] = []
        for depth, text in enumerate(texts):
            own_phase = self.phase(text)
            is_heading = depth < len(texts) - 1 and self._headings.fullmatch(header_text(text)) is not None
            concept = None if is_heading else self.concept(text, shape)
            phase = own_phase or phase
            if concept is not None and not (own_phase and shape == "measures"):
                named.append(concept)
            if depth == len(texts) - 1 and not self.is_header_word(text, shape):
                # A header that is wrapped over rows, as where a cell is too low for its text, makes sense as a whole only.
                return self.column(["".join(texts)], shape) if depth else None
        is_sum = shape == "measures" and named[-1:] in (["total"], ["subtotal"])
        if is_sum and not all(self.is_header_word(text, shape) for text in texts):
            return None  # 小计 under a heading that is not known is the sum of that heading, not of the form
        prefix = next((c for c in named if c in self._prefixes), None)
        rest = [c for c in named if c not in self._prefixes]
        specific = [c for c in rest if c not in ("total", "subtotal")]
        tail = specific[-1] if specific else ("total" if rest or prefix is None else None)
        if rest and specific and rest[-1] in ("total", "subtotal"):
            combined = f"{tail}_{rest[-1]}"
            tail = self._aliases.get(combined, combined if combined == "three_public_subtotal" else tail)
        if prefix is None:
            if not named and phase is None:
                return None
            return ColumnMeaning(tail or "total", phase)
        if tail in (None, "total"):
            return ColumnMeaning(prefix, phase)
        return ColumnMeaning(f"{prefix}_{tail}", phase)

    # --- rows

    def measure(self, label: str) -> str | None:
        """The measure that a row of a 三公 list names."""
        folded = header_text(label)
        for code, pattern in self._measure_rows.items():
            if pattern.fullmatch(folded):
                return code
        return None

    def count_unit(self, label: str) -> str | None:
        """The unit of a row that counts things instead of money."""
        folded = fold(label)
        for unit, pattern in self._count_rows.items():
            if pattern.fullmatch(folded):
                return unit
        return None


def header_text(text: str) -> str:
    """A header cell as the catalogue's patterns see it."""
    return _YEAR.sub("", _TRAILING_UNIT.sub("", without_ordinals(fold(text))))


@cache
def catalogue() -> Catalogue:
    """The catalogue of this installation."""

    def load(name: str) -> Any:
        return yaml.safe_load((files("ingest.catalogue") / name).read_text("utf-8"))

    return Catalogue(load("forms.yaml"), load("headers.yaml"), load("heads.yaml"))
