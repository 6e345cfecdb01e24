"""Amounts as printed in a table cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ingest.text import squash

# Full-width digits and signs, as spreadsheets with a Chinese input method save them.
_ASCII = str.maketrans("０１２３４５６７８９．，－−﹣‐‑–△▲＋（）", "0123456789.,--------+()")
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_BRACKETED = re.compile(r"\((?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\)")
# A lone dash, any number of them, a slash: what publishers print where there is nothing to report.
_NOTHING = re.compile(r"[-—―─－–一/／\\*＊…\.。]*|无|不适用|N/?A", re.IGNORECASE)
# What office programs print where a formula failed, and where a column is too narrow for its figure.
_LOST = re.compile(r"#(?:REF!?|DIV/0!|N/A|NAME\?|VALUE!|NULL!|NUM!|SPILL!|CALC!)|Err:\d+|#{2,}", re.IGNORECASE)
_CURRENCY = re.compile(r"^[¥￥]|元$")
# White space between two digits may part two numbers; beside a sign, a point or a comma it never does.
_GAP = re.compile(r"(?<=\d)\s+(?=\d)")
_BY_SPACES = re.compile(r"[-+(¥￥]*[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+(?:\s*\.\s*\d+)?\s*[)元]*")
_WITHOUT_WIDTH = re.compile("[\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed: its exact value and the number of decimals that were printed."""

    value: Decimal
    decimals: int


# What staging holds of a figure; more than that is a row of digits.
MAX_WHOLE_DIGITS, MAX_DECIMALS = 18, 6


def is_holdable(number: PrintedNumber) -> bool:
    """Whether staging can hold a number exactly: 18 digits before the point, 6 after it."""
    return abs(number.value) < 10**MAX_WHOLE_DIGITS and number.decimals <= MAX_DECIMALS


def is_nothing(text: str) -> bool:
    """Whether a cell prints nothing: blank, or one of the signs that stand for nothing (``——``, ``-``, ``/``)."""
    return _NOTHING.fullmatch(squash(text)) is not None


def parse_number(text: str) -> PrintedNumber | None:
    """The number that a cell prints, or ``None`` when the cell is not exactly one number.

    White space inside is ignored, since OCR and narrow cells break numbers (``29029236. 59``, ``12,34`` over ``5.00``), but not
    where it may part two numbers (``12`` over ``34``). Brackets and a triangle mean negative, as accountants print it. Grouping
    must be in thousands, by commas or by spaces; ``12,34.5`` is not a number.
    """
    compact = squash(text).translate(_ASCII)
    if _may_be_several(text.translate(_ASCII).strip()):
        return None
    compact = _CURRENCY.sub("", compact)
    bracketed = _BRACKETED.fullmatch(compact)
    if bracketed:
        compact = "-" + bracketed["number"]
    if not _NUMBER.fullmatch(compact):
        return None
    plain = compact.replace(",", "")
    return PrintedNumber(Decimal(plain), len(plain.partition(".")[2]))


def _may_be_several(text: str) -> bool:
    pieces = _GAP.split(_WITHOUT_WIDTH.sub("", text))
    if len(pieces) == 1 or _BY_SPACES.fullmatch(text):
        return False
    return all(_NUMBER.fullmatch(squash(piece).strip("-+()¥￥元")) for piece in pieces)


def is_money(text: str) -> bool:
    """Whether a cell prints a number as only money is printed: with decimals that count, with thousands, or negative.

    Numbers of lines, columns and codes never look so; ``1.00`` may be one that a spreadsheet gave decimals.
    """
    number = parse_number(text)
    if number is None:
        return False
    is_whole = number.value == number.value.to_integral_value()
    return number.value < 0 or "," in text.translate(_ASCII) or (number.decimals > 1 and not is_whole)


def is_lost(text: str) -> bool:
    """Whether a cell prints a sign that a figure should stand there and does not: ``#REF!``, ``#####``."""
    return _LOST.fullmatch(squash(text)) is not None


def is_figure(text: str) -> bool:
    """Whether a cell prints an amount and nothing else: a number with decimals or groups, as no code, year or count has them."""
    number = parse_number(text)
    return number is not None and (number.decimals > 0 or "," in squash(text).translate(_ASCII))


def has_digit(text: str) -> bool:
    """Whether any decimal digit is printed in the text."""
    return any(character.isdecimal() for character in text)
