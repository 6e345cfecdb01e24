"""Styles and lists of a Word file: what a paragraph inherits, and the number that Word prints before it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.readers.list_numbers import format_number

MAX_CHAIN = 32  # styles that one style may be based on, one on the other; more is a circle
LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_SPACE_AFTER = {"tab": " ", "space": " ", "nothing": ""}
_LEADERS = frozenset({"dot", "middleDot", "hyphen", "heavy"})
_BULLET = "bullet"


def name_of(element: etree._Element | None) -> str:
    """The name of an element without its namespace; empty for a comment."""
    if element is None or not isinstance(element.tag, str):
        return ""
    return element.tag.rpartition("}")[2]


def children(parent: etree._Element | None, kind: str) -> list[etree._Element]:
    """The children of one name."""
    return [] if parent is None else [element for element in parent if name_of(element) == kind]


def child(parent: etree._Element | None, kind: str) -> etree._Element | None:
    """The first child of a name, or ``None``, also for ``None``."""
    if parent is None:
        return None
    return next((element for element in parent if name_of(element) == kind), None)


def attribute(element: etree._Element | None, name: str) -> str | None:
    """An attribute by its name without namespace."""
    if element is None:
        return None
    return next((str(text) for key, text in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def value(element: etree._Element | None) -> str | None:
    """The attribute ``val`` of an element."""
    return attribute(element, "val")


def is_on(element: etree._Element | None) -> bool:
    """Whether a switch is there and not off."""
    return element is not None and (value(element) or "true").lower() not in ("0", "false", "off", "none")


def _integer(text: str | None) -> int | None:
    return int(text) if text is not None and text.lstrip("-").isdecimal() else None


@dataclass(frozen=True, slots=True)
class Style:
    """A style as written: what it does not say, its base says."""

    key: str
    name: str
    kind: str
    base: str | None
    paragraph: etree._Element | None
    run: etree._Element | None


@dataclass(slots=True)
class Styles:
    """The styles of a file by their keys."""

    by_key: dict[str, Style] = field(default_factory=dict)
    default: str | None = None

    @classmethod
    def of(cls, root: etree._Element | None) -> Styles:
        """The styles of the part ``styles.xml``, which may be missing."""
        made = cls()
        for element in children(root, "style"):
            key = attribute(element, "styleId") or ""
            kind = attribute(element, "type") or "paragraph"
            made.by_key[key] = Style(
                key,
                value(child(element, "name")) or key,
                kind,
                value(child(element, "basedOn")),
                child(element, "pPr"),
                child(element, "rPr"),
            )
            if kind == "paragraph" and attribute(element, "default") in ("1", "true", "on"):
                made.default = key
        return made

    def paragraph(self, key: str | None) -> Style | None:
        """The style of a paragraph that names ``key``, or none."""
        found = self.by_key.get(key) if key is not None else None
        return found or (self.by_key.get(self.default) if self.default is not None else None)

    def chain(self, key: str | None) -> Iterator[Style]:
        """A style and those that it is based on."""
        for _ in range(MAX_CHAIN):
            style = self.by_key.get(key) if key is not None else None
            if style is None:
                return
            yield style
            key = style.base

    def is_hidden(self, properties: etree._Element | None, paragraph_style: str | None) -> bool:
        """Whether a run with these properties is hidden."""
        own = child(properties, "vanish")
        if own is not None:
            return is_on(own)
        for key in (value(child(properties, "rStyle")), paragraph_style):
            for style in self.chain(key):
                said = child(style.run, "vanish")
                if said is not None:
                    return is_on(said)
        return False

    def has_leader(self, style: Style | None, properties: etree._Element | None) -> bool:
        """Whether a tab in a paragraph prints dots."""
        places = [properties, *(s.paragraph for s in self.chain(style.key if style else None))]
        return any(attribute(tab, "leader") in _LEADERS for place in places for tab in children(child(place, "tabs"), "tab"))

    def breaks_before(self, style: Style | None) -> bool:
        """Whether a paragraph of a style begins on a new page."""
        for each in self.chain(style.key if style else None):
            said = child(each.paragraph, "pageBreakBefore")
            if said is not None:
                return is_on(said)
        return False


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    number_format: str
    text: str
    start: int
    suffix: str
    restart: int | None  # the level after which it begins anew, from 1; 0 never; ``None`` after any outer one
    is_legal: bool  # prints all numbers as decimals
    style: str | None


@dataclass(slots=True)
class _List:
    """A list that paragraphs refer to: the definition whose counter it shares, its levels, and where it begins anew."""

    definition: str
    levels: dict[int, Level]
    starts: dict[int, int]


class Numbering:
    """The lists of a file, and how far each has counted. Ask for each paragraph once, in order."""

    def __init__(self, lists: dict[str, _List], styles: Styles) -> None:
        self.unknown: Counter[str] = Counter()
        self._lists = lists
        self._styles = styles
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    @classmethod
    def of(cls, root: etree._Element | None, styles: Styles) -> Numbering:
        """The lists of the part ``numbering.xml``, which may be missing."""
        definitions = {attribute(e, "abstractNumId") or "": e for e in children(root, "abstractNum")}
        by_style = {value(child(e, "styleLink")): key for key, e in definitions.items() if child(e, "styleLink") is not None}
        lists: dict[str, _List] = {}
        for element in children(root, "num"):
            key = value(child(element, "abstractNumId")) or ""
            linked = value(child(definitions.get(key), "numStyleLink"))
            key = by_style.get(linked, key) if linked is not None else key
            definition = definitions.get(key)
            levels = {_level_number(e): _level(e) for e in children(definition, "lvl")}
            starts = {}
            for override in children(element, "lvlOverride"):
                own, start = child(override, "lvl"), _integer(value(child(override, "startOverride")))
                if own is not None:
                    levels[_level_number(override)] = _level(own)
                if start is not None:
                    starts[_level_number(override)] = start
            lists[attribute(element, "numId") or ""] = _List(key, levels, starts)
        return cls(lists, styles)

    def next(self, properties: etree._Element | None, style: Style | None) -> str:
        """The number that is printed before the next paragraph, with the space after it; empty without one."""
        found = self._reference(properties, style)
        if found is None:
            return ""
        key, index = found
        listed = self._lists[key]
        level = listed.levels.get(index)
        if level is None:
            return ""
        counters = self._count(key, listed, index, level)
        if level.number_format == _BULLET:
            return ""
        return self._printed(listed, level, counters)

    def _reference(self, properties: etree._Element | None, style: Style | None) -> tuple[str, int] | None:
        """The list and the level of a paragraph: its own, else those of its style."""
        own = child(properties, "numPr")
        key = value(child(own, "numId"))
        index = _integer(value(child(own, "ilvl")))
        named = None
        for each in self._styles.chain(style.key if style else None):
            said = child(each.paragraph, "numPr")
            if said is None:
                continue
            named = named or each.key
            key = key if key is not None else value(child(said, "numId"))
            index = index if index is not None else _integer(value(child(said, "ilvl")))
        if key is None or key not in self._lists:
            return None
        if index is None:
            # A style that names a list stands at the level that names the style.
            levels = self._lists[key].levels
            index = next((number for number, level in levels.items() if named is not None and level.style == named), 0)
        return key, index

    def _count(self, key: str, listed: _List, index: int, level: Level) -> dict[int, int]:
        counters = self._counters.setdefault(listed.definition, {})
        if index in listed.starts and (key, index) not in self._begun:
            counters[index] = listed.starts[index]
        elif index in counters:
            counters[index] += 1
        else:
            counters[index] = listed.starts.get(index, level.start)
        self._begun.add((key, index))
        for inner in [i for i in counters if i > index]:
            restart = listed.levels[inner].restart if inner in listed.levels else None
            if restart is None or (restart > 0 and index < restart):
                del counters[inner]
        return counters

    def _printed(self, listed: _List, level: Level, counters: dict[int, int]) -> str:
        parts: list[str] = []
        end = 0
        for place in _PLACE.finditer(level.text):
            index = int(place[1]) - 1
            other = listed.levels.get(index, level)
            number_format = "decimal" if level.is_legal else other.number_format
            printed = format_number(counters.get(index, listed.starts.get(index, other.start)), number_format)
            if printed is None:
                self.unknown[number_format] += 1
                return ""
            parts += [level.text[end : place.start()], printed]
            end = place.end()
        text = "".join([*parts, level.text[end:]])
        return text + _SPACE_AFTER.get(level.suffix, " ") if text else ""


def _level_number(element: etree._Element) -> int:
    return _integer(attribute(element, "ilvl")) or 0


def _level(element: etree._Element) -> Level:
    number_format = value(child(element, "numFmt")) or "decimal"
    return Level(
        number_format=number_format,
        text=value(child(element, "lvlText")) or "",
        start=_start(element),
        suffix=value(child(element, "suff")) or "tab",
        restart=_integer(value(child(element, "lvlRestart"))),
        is_legal=is_on(child(element, "isLgl")),
        style=value(child(element, "pStyle")),
    )


def _start(element: etree._Element) -> int:
    start = _integer(value(child(element, "start")))
    return start if start is not None else 0
