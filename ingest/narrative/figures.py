"""Figures and words of comparison in a sentence, with their places: what the claims are made of."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from ingest.narrative.words import Words
from ingest.numbers import is_holdable, parse_number

_FOLDED = str.maketrans("０１２３４５６７８９％．()〔〕[]:;,﹒－−", "0123456789%.（）（）（）：；，.--")
_CHINESE_YEAR = re.compile(r"二[〇○零O0][〇○零一二三四五六七八九]{2}(?=年)")
_CHINESE_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_NUMBER = r"-?(?:\d{1,3}(?:，\d{3})+(?!\d)|\d+)(?:\.\d+)?"
# The whole figure is a change: 此项支出是今年新增支出; 5万元，今年新增支出。
_NEW = (
    r"(?:为|是|属于?)(?:今年|本年度?|当年)?(?P<against>新增)(?:支出|项目|科目|收入|的)"
    r"|(?<=，)(?:今年|本年度?|当年)新增(?:支出|项目|科目|收入)(?=[，。；）]|$)"
)
MAX_LEAD = 200  # characters before a figure that are read
BOUNDARIES = "，；。：！？"


def folded(text: str) -> str:
    """The text with one kind of digits, brackets and punctuation, character for character, so that places stay."""
    plain = text.translate(_FOLDED)
    return _CHINESE_YEAR.sub(lambda found: found.group().translate(_CHINESE_DIGITS), plain) if "二" in plain else plain


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit. ``start`` and ``end`` enclose number and unit; ``lead`` is what stands before it in its clause."""

    start: int
    end: int
    number_end: int
    value: Decimal
    decimals: int
    unit: str
    kind: str  # money | percent | points | score | area | count | none
    lead: str
    lead_start: int
    joined: bool  # it follows the figure before it after 、 or 和 at most


@dataclass(frozen=True, slots=True)
class Comparison:
    """Words that compare without a number: 与上年持平, 决算数小于预算数."""

    start: int
    end: int
    direction: str  # flat | increase | above | below | equal
    against: str  # what it is compared with, as printed
    lead: str
    lead_start: int


Event = Figure | Comparison


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The expressions that the words of the catalogue make up."""

    figure: re.Pattern[str]
    flat: re.Pattern[str]
    budget: re.Pattern[str]
    new: re.Pattern[str]
    is_name: re.Pattern[str]
    limit: re.Pattern[str]
    units: dict[str, str]


@cache
def _patterns(words: Words) -> _Patterns:
    kinds = {unit: kind for kind, units in words.units for unit in units}
    # 万 alone is 万元 with its 元 left out, except before what is counted in ten thousands.
    units = "|".join(
        re.escape(unit) + (r"(?=[（，。；、）用]|$)" if unit == "万" else "") for unit in sorted(kinds, key=len, reverse=True)
    )
    figure = rf"(?P<number>{_NUMBER})(?:多|余)?(?P<unit>{units})?"
    flat = rf"(?P<against>(?:与|同|和|较|比|跟)[^，；。：！？（）]{{1,24}}?)?(?:基本|保持|总体|均|都|相)*(?:{words.flat})"
    against = r"(?P<against>(?:年初|全年|调整后?|当年|本年)?[^，；。：！？（）\d]{0,4}预算)"
    budget = rf"(?P<word>{words.above}|{words.below}|{words.equal}){against}"
    return _Patterns(
        re.compile(figure),
        re.compile(flat),
        re.compile(budget),
        re.compile(_NEW),
        re.compile(words.is_name),
        re.compile(rf"(?:{words.limit})$"),
        kinds,
    )


def events_in(text: str, words: Words) -> list[Event]:
    """Figures and comparisons of a sentence in order; ``text`` is folded."""
    patterns = _patterns(words)
    found: list[tuple[int, int, object]] = []
    for match in patterns.figure.finditer(text):
        if _is_figure(text, match, patterns):
            found.append((match.start(), match.end(), match))
    taken = [(start, end) for start, end, _ in found]
    for pattern, name in ((patterns.budget, "budget"), (patterns.flat, "flat"), (patterns.new, "new")):
        for match in pattern.finditer(text):
            if name == "budget" and re.search(rf"{words.prior_year}|20\d\d年", match["against"]):
                continue  # 小于上年预算数403.75万元 compares two years
            if name == "budget" and re.match(r"数?(?:为|约)?\d", text[match.end() :]):
                continue  # 大于预算数55.93万元 says by how much
            if not any(start < match.end() and match.start() < end for start, end in taken):
                found.append((match.start(), match.end(), (name, match)))
                taken.append((match.start(), match.end()))
    found.sort(key=lambda item: item[:2])
    brackets, names = _brackets(text, [(start, end) for start, end, _ in found])
    marks = {i for i, c in enumerate(text) if c in BOUNDARIES and not any(a < i < b for a, b in names)}
    cuts = sorted(i + 1 for i in marks | set(brackets))
    events: list[Event] = []
    previous_end = 0
    for start, end, what in found:
        # A boundary inside a number (29，029) is none.
        cut = cuts[bisect_right(cuts, start) - 1] if cuts and cuts[0] <= start else 0
        lead_start = max(cut, previous_end, start - MAX_LEAD)
        lead = text[lead_start:start]
        joined = bool(events) and re.fullmatch(r"[、，和及与以（）]*", text[previous_end:start]) is not None
        if lead_start == previous_end and previous_end:
            stripped = lead.lstrip("、和及与以（）")
            lead_start += len(lead) - len(stripped)
            lead = stripped
        if isinstance(what, re.Match):
            events.append(_figure(what, patterns, lead, lead_start, joined))
        else:
            assert isinstance(what, tuple)
            events.append(_comparison(what[0], what[1], lead, lead_start, words))
        previous_end = end
    return events


def _figure(match: re.Match[str], patterns: _Patterns, lead: str, lead_start: int, joined: bool) -> Figure:
    number = parse_number(match["number"])
    assert number is not None
    unit = match["unit"] or ""
    return Figure(
        match.start(), match.end(), match.end("number"), number.value, number.decimals, unit, patterns.units.get(unit, "none"),
        lead, lead_start, joined,
    )  # fmt: skip


def _comparison(name: str, match: re.Match[str], lead: str, lead_start: int, words: Words) -> Comparison:
    against = match["against"] or ""
    if name == "flat":
        is_budget = "预算" in against and re.search(words.prior_year, against) is None and re.search(r"20\d\d年", against) is None
        direction = "equal" if is_budget else "flat"
    elif name == "new":
        return Comparison(match.start(), match.end(), "increase", "", lead, lead_start)
    elif re.fullmatch(words.above, match["word"]):
        direction = "above"
    else:
        direction = "below" if re.fullmatch(words.below, match["word"]) else "equal"
    return Comparison(match.start(), match.end(), direction, against, lead, lead_start)


def _is_figure(text: str, match: re.Match[str], patterns: _Patterns) -> bool:
    """Whether a number states something: not a year, a date, an ordinal, a number of a document, nor part of a name."""
    number = parse_number(match["number"])
    if number is None or not is_holdable(number):
        return False
    before, after = text[max(match.start() - 30, 0) : match.start()], text[match.end() : match.end() + 30]
    is_range = match["number"].startswith("-") and re.search(r"[\d分%元）]$", before)
    if is_range or re.search(r"[第A-Za-z\d.]$|\d[-—~～至]$", before) or re.match(r"[-—~～至]+\d|\.\d", after):
        return False
    if re.match(r"号", after) or patterns.limit.search(before):
        return False
    if match["unit"] is None:
        # A number of list items and years has no unit; 增长13.95。 has lost its percent sign.
        return (
            re.search(r"(?:增长|下降|增幅|降幅)(?:（[^）]{1,6}）)?(?:了|为|率)?$", before) is not None
            and re.match(r"[，。；、）]|$", after) is not None
        )
    return patterns.is_name.match(after) is None


def _brackets(text: str, spans: list[tuple[int, int]]) -> tuple[list[int], list[tuple[int, int]]]:
    """The places of brackets that enclose a figure, and the extents of the others, which belong to a name: 出国（境）."""
    enclosing: list[int] = []
    names: list[tuple[int, int]] = []
    stack: list[int] = []
    for index, character in enumerate(text):
        if character == "（":
            stack.append(index)
        elif character == "）" and stack:
            start = stack.pop()
            if any(start < a and b <= index for a, b in spans):
                enclosing.extend((start, index))
            else:
                names.append((start, index))
    # One that is never closed here.
    enclosing.extend(index for index in stack if any(index < a for a, _ in spans))
    return enclosing, names
