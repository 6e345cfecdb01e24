"""What a number prints under a number format of a spreadsheet: ``#,##0.00``, ``0.00;-0.00;;@``, ``yyyy"年"m"月"`` and the like.

No library at hand does so. This covers what finance workbooks use; a format that is not understood says so and prints the
number as General does, so that nothing is passed off as printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from math import isfinite

GENERAL = "General"
SIGNIFICANT = 15  # digits that a spreadsheet keeps of a binary number; what is beyond is noise (0.1 + 0.2)
GENERAL_WIDTH = 10  # digits that General prints of a number with many decimals
GENERAL_DECIMALS = 6

# What the numbers below 164 mean in a Chinese office program; libraries know the American meaning of some, and not the others.
CHINESE_FORMATS = {
    14: "yyyy/m/d",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]|(?P<general>General)'
    r"|(?P<halfday>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-])|(?P<date>y+|m+|d+|h+|s+|e+|a{3,4})|(?P<digit>[0#?])|(?P<char>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(?P<sign><=|>=|<>|<|>|=)\s*(?P<operand>-?\d+(?:\.\d+)?)")
_COLOUR = re.compile(
    r"(?:black|blue|cyan|green|magenta|red|white|yellow|color\s*\d+|颜色\s*\d+|[黑蓝绿红白黄]色?|青色?|洋红)", re.IGNORECASE
)
_CURRENCY = re.compile(r"\$(?P<symbol>[^-]*)(?:-(?P<locale>[0-9A-Fa-f]+))?")
_WIDE = Context(prec=400)  # the largest binary number has 309 digits
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CHINESE_DAYS = "一二三四五六日"
_CHINESE_DIGITS = "〇一二三四五六七八九"
_SYSTEM_DATE = "F800"  # the long date of the system, which in China is 2024年8月1日
_LAST_DATE = 2958465  # 9999-12-31


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a cell prints; ``is_understood`` is false where the format was not, and the number is printed as General does."""

    text: str
    is_understood: bool = True


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    """One part of a format, between semicolons."""

    tokens: tuple[_Token, ...]
    condition: tuple[str, Decimal] | None
    is_date: bool
    chinese: bool  # [DBNum1]: digits as 一二三
    is_known: bool

    def has(self, kind: str) -> bool:
        return any(token.kind == kind for token in self.tokens)

    def accepts(self, value: Decimal) -> bool:
        assert self.condition is not None
        sign, operand = self.condition
        return {
            "<": value < operand,
            "<=": value <= operand,
            ">": value > operand,
            ">=": value >= operand,
            "=": value == operand,
            "<>": value != operand,
        }[sign]


def render(value: float, code: str, *, from_1904: bool = False) -> Rendered:
    """What a number prints under a format."""
    if not isfinite(value):
        return Rendered(str(value), False)
    number = exact(value)
    sections = _sections(code or GENERAL)
    chosen = _choose(sections, number)
    if chosen is None:
        return Rendered(general(value), False)
    section, is_signed = chosen
    if not section.is_known:
        return Rendered(general(value), False)
    if section.is_date:
        text = _date(section, number, from_1904)
    elif section.has("general") or section.has("at"):
        text = _with_literals(section, general(value if is_signed else abs(value)))
    elif not section.has("digit"):
        text = _with_literals(section, "")
        text = f"-{text}" if text and number < 0 and is_signed and len(sections) == 1 else text
    else:
        text = _number(section, number if is_signed else abs(number))
    return Rendered(general(value), False) if text is None else Rendered(text.strip())


def render_text(text: str, code: str) -> Rendered:
    """What a text prints under a format: only a fourth part, or the only one if it is for text, concerns it."""
    sections = _sections(code or GENERAL)
    last = sections[-1]
    if len(sections) >= 4 or last.has("at"):
        if not last.is_known:
            return Rendered(text, False)
        return Rendered("".join(text if t.kind == "at" else t.text for t in last.tokens if t.kind in ("at", "literal")))
    return Rendered(text)


def exact(value: float) -> Decimal:
    """The number that a person typed or a sheet computed, without the noise of its binary form."""
    return Decimal(value) if isinstance(value, int) else Decimal(format(value, f".{SIGNIFICANT}g"))


def general(value: float) -> str:
    """A number as General prints it: as short as it is, and with a few decimals where they go on and on."""
    if isinstance(value, int):
        return str(int(value))
    number = exact(value)
    plain = format(number.normalize(), "f")
    decimals = len(plain.partition(".")[2])
    if decimals <= GENERAL_DECIMALS:
        return "0" if number == 0 else plain
    whole = len(plain.lstrip("-").partition(".")[0])
    rounded = _rounded(number, min(GENERAL_DECIMALS, max(0, GENERAL_WIDTH - whole)))
    if rounded == 0:
        return format(number.normalize(), "E")
    return format(rounded.normalize(), "f")


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[list[re.Match[str]]] = [[]]
    for found in _TOKEN.finditer(code):
        if found["char"] == ";":
            parts.append([])
        else:
            parts[-1].append(found)
    return tuple(_section(part) for part in parts)


def _section(found: Sequence[re.Match[str]]) -> _Section:
    tokens: list[_Token] = []
    condition: tuple[str, Decimal] | None = None
    chinese = is_system_date = False
    is_known = True
    for match in found:
        kind = match.lastgroup or ""
        text = match[kind]
        if kind in ("quoted", "escaped"):
            tokens.append(_Token("literal", text))
        elif kind == "space":
            tokens.append(_Token("literal", " "))
        elif kind == "bracket":
            compared, currency = _CONDITION.fullmatch(text), _CURRENCY.fullmatch(text)
            if compared:
                condition = (compared["sign"], Decimal(compared["operand"]))
            elif currency:
                tokens.append(_Token("literal", currency["symbol"]))
                is_system_date |= (currency["locale"] or "").upper() == _SYSTEM_DATE
            elif text.lower() in ("h", "hh", "m", "mm", "s", "ss"):
                tokens.append(_Token("elapsed", text.lower()))
            elif text.lower() == "dbnum1":
                chinese = True
            elif not _COLOUR.fullmatch(text):
                is_known = False
        elif kind == "char":
            tokens.append(_Token("at" if text == "@" else "literal" if text not in ".,%/" else text, text))
        elif kind != "fill":
            tokens.append(_Token(kind, text.lower() if kind == "date" else text))
    is_date = any(token.kind in ("date", "elapsed", "halfday") for token in tokens)
    if is_system_date and is_date:
        tokens = [_Token("date", "yyyy"), _Token("literal", "年"), _Token("date", "m"), _Token("literal", "月")]
        tokens += [_Token("date", "d"), _Token("literal", "日")]
    return _Section(tuple(tokens), condition, is_date, chinese, is_known and (is_date or not chinese))


def _choose(sections: Sequence[_Section], number: Decimal) -> tuple[_Section, bool] | None:
    """The part of the format that a number prints under, and whether its sign is printed beside it."""
    numeric = sections[:3] if len(sections) > 3 or not sections[-1].has("at") or len(sections) == 1 else sections[:-1]
    if any(section.condition for section in numeric):
        for index, section in enumerate(numeric):
            is_last = index == len(numeric) - 1
            if section.condition is not None:
                sign, operand = section.condition
                if section.accepts(number):
                    return section, not (sign in ("<", "<=") and operand <= 0)
            elif is_last or (index == 0 and number > 0) or (index == 1 and number < 0):
                return section, index != 1 or is_last
        return None
    if len(numeric) == 1:
        return numeric[0], True
    if number < 0:
        return numeric[1], False
    if number == 0 and len(numeric) > 2:
        return numeric[2], True
    return numeric[0], True


def _with_literals(section: _Section, number: str) -> str:
    return "".join(
        number if token.kind in ("general", "at") else token.text
        for token in section.tokens
        if token.kind in ("general", "at", "literal", "/", ".", ",", "%")
    )


def _number(section: _Section, number: Decimal) -> str | None:
    """A number under a part with digits, or ``None`` where it is of a kind that is not understood."""
    tokens = section.tokens
    digits = [i for i, token in enumerate(tokens) if token.kind == "digit"]
    if any(token.kind == "/" and digits[0] < i < digits[-1] for i, token in enumerate(tokens)):
        return None  # a fraction
    if section.has("exponent"):
        return _scientific(section, number)
    point = next((i for i, token in enumerate(tokens) if token.kind == "." and i > digits[0] - 2), None)
    if point is not None and not any(i < point for i in digits) and point != digits[0] - 1:
        point = None
    whole = [i for i in digits if point is None or i < point]
    decimals = [tokens[i].text for i in digits if point is not None and i > point]
    last = whole[-1] if whole else -1
    commas = [i for i, token in enumerate(tokens) if token.kind == ","]
    is_grouped = any(whole[0] < i < last for i in commas) if whole else False
    scaling = _commas_after(tokens, last) + (_commas_after(tokens, digits[-1]) if decimals else 0)
    number = number.scaleb(2 * sum(token.kind == "%" for token in tokens) - 3 * scaling)
    rounded = _rounded(number, len(decimals))
    integer, _, fraction = format(abs(rounded), "f").partition(".")
    shown = _whole(tokens, whole, integer.lstrip("0"), is_grouped)
    tail = _decimals(decimals, fraction)
    text = ""
    for index, token in enumerate(tokens):
        if index == point:
            text += "." + tail
        elif index in shown:
            text += shown[index]
        elif token.kind in ("literal", "%", "/") or (token.kind == "," and index < (whole[0] if whole else 0)):
            text += token.text
        elif token.kind == "." and index != point:
            text += "."
    return f"-{text.lstrip()}" if number < 0 else text


def _commas_after(tokens: Sequence[_Token], index: int) -> int:
    """Commas that stand right after a place for a digit: each divides by a thousand."""
    end = index + 1
    while 0 < end < len(tokens) and tokens[end].kind == ",":
        end += 1
    return max(end - index - 1, 0) if index >= 0 else 0


def _whole(tokens: Sequence[_Token], places: Sequence[int], digits: str, is_grouped: bool) -> dict[int, str]:
    """What stands at each place for a digit before the point: one digit each, all that are left at the first place."""
    shown: dict[int, str] = {}
    rest = digits
    for rank, place in enumerate(reversed(places)):
        if rank == len(places) - 1 and len(rest) > 1:
            taken, rest = rest, ""
        else:
            taken, rest = rest[-1:], rest[:-1]
        shown[place] = taken or {"0": "0", "?": " ", "#": ""}[tokens[place].text]
    if not is_grouped:
        return shown
    # Grouped in threes over all places, counted from the right.
    count = 0
    for place in reversed(places):
        grouped = ""
        for character in reversed(shown[place]):
            if count and count % 3 == 0 and character.isdigit():
                grouped = "," + grouped
            grouped = character + grouped
            count += character.isdigit()
        shown[place] = grouped
    return shown


def _decimals(places: Sequence[str], digits: str) -> str:
    digits = digits.ljust(len(places), "0")
    shown = list(digits[: len(places)])
    for index in range(len(places) - 1, -1, -1):
        if shown[index] != "0" or places[index] == "0":
            break
        shown[index] = " " if places[index] == "?" else ""
    return "".join(shown)


def _scientific(section: _Section, number: Decimal) -> str | None:
    at = next(i for i, token in enumerate(section.tokens) if token.kind == "exponent")
    before, after = section.tokens[:at], section.tokens[at + 1 :]
    point = next((i for i, token in enumerate(before) if token.kind == "."), len(before))
    if sum(token.kind == "digit" for token in before[:point]) != 1:
        return None  # the exponent would go in steps
    decimals = sum(token.kind == "digit" for token in before[point:])
    mantissa, _, exponent = format(number, f".{decimals}E").partition("E")
    width = sum(token.kind == "digit" for token in after)
    sign = "-" if exponent.startswith("-") else "+" if section.tokens[at].text[1] == "+" else ""
    return f"{mantissa}E{sign}{exponent.lstrip('+-').lstrip('0').rjust(width, '0')}"


def _date(section: _Section, number: Decimal, from_1904: bool) -> str | None:
    """A day or a time under a part with dates, or ``None`` for a number that is no day."""
    if number < 0 or number > _LAST_DATE:
        return None
    seconds = int(_rounded(number * 86400, 0))
    first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 31) if number < 60 else datetime(1899, 12, 30)
    moment = first + timedelta(seconds=seconds)
    tokens = section.tokens
    halved = section.has("halfday")
    text = ""
    for index, token in enumerate(tokens):
        if token.kind == "date":
            text += _part_of_date(tokens, index, moment, halved, section.chinese)
        elif token.kind == "elapsed":
            text += str(seconds // {"h": 3600, "m": 60, "s": 1}[token.text[0]]).rjust(len(token.text), "0")
        elif token.kind == "halfday":
            morning, _, evening = token.text.partition("/")
            text += morning if moment.hour < 12 else evening
        elif token.kind == "digit":
            text += "0"
        elif token.kind != "general":
            text += token.text
    return text


def _part_of_date(tokens: Sequence[_Token], index: int, moment: datetime, halved: bool, chinese: bool) -> str:
    text = tokens[index].text
    letter, width = text[0], len(text)
    if letter in "ye":
        year = str(moment.year) if width > 2 or letter == "e" else f"{moment.year % 100:02}"
        return "".join(_CHINESE_DIGITS[int(digit)] for digit in year) if chinese else year
    if letter == "m" and not _is_minute(tokens, index):
        if width > 2:
            return _MONTHS[moment.month - 1] if width != 4 else moment.strftime("%B")
        return _counted(moment.month, width, chinese)
    if letter == "d":
        if width > 2:
            return _DAYS[moment.weekday()] if width == 3 else moment.strftime("%A")
        return _counted(moment.day, width, chinese)
    if letter == "a":
        return ("星期" if width == 4 else "") + _CHINESE_DAYS[moment.weekday()]
    hour = (moment.hour % 12 or 12) if halved else moment.hour
    return _counted({"h": hour, "m": moment.minute, "s": moment.second}[letter], width, chinese)


def _is_minute(tokens: Sequence[_Token], index: int) -> bool:
    """``m`` is a minute after hours or before seconds."""
    times = [(i, t.text[0]) for i, t in enumerate(tokens) if t.kind in ("date", "elapsed")]
    before = next((letter for i, letter in reversed(times) if i < index), "")
    after = next((letter for i, letter in times if i > index), "")
    return before == "h" or after == "s"


def _counted(number: int, width: int, chinese: bool) -> str:
    if not chinese:
        return str(number).rjust(width, "0")
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_CHINESE_DIGITS[tens]}十"
    return ten + (_CHINESE_DIGITS[ones] if ones or not tens else "")
