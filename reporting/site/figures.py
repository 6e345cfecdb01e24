"""Figures as a reader is shown them: amounts in a unit, rates, counts, the printed figure beside what it should be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from reporting.units import MISSING, Language, Unit, format_amount

_DECIMALS = re.compile(r"\.\s*(\d+)")
# Units in which documents print money, in 元.
PRINTED_UNITS = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}


def plain(value: Decimal | None, least_decimals: int = 0) -> str:
    """A number without zeros that say nothing."""
    if value is None:
        return MISSING
    whole, _, fraction = f"{value:,f}".partition(".")
    fraction = fraction.rstrip("0").ljust(least_decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole


def in_printed_unit(value: Decimal | None, unit: str | None, most_decimals: int | None = None) -> str:
    """A value of the marts (元, percent or a count) in the unit that the document prints, rounded to ``most_decimals``."""
    if value is None:
        return MISSING
    divisor = PRINTED_UNITS.get(unit or "")
    number = value / (divisor or 1)
    least = 2 if divisor or unit == "%" else 0
    if most_decimals is not None:
        number = round(number, max(most_decimals, least))
    elif unit == "%":
        number = round(number, 2)
    return f"{plain(number, least)} {unit}" if unit else plain(number)


def printed_decimals(printed: str | None) -> int:
    """How many decimals a printed figure has."""
    match = _DECIMALS.search(printed or "")
    return len(match[1]) if match else 0


def expected(value: Decimal | None, printed: str | None, printed_value: Decimal | None, unit: str | None) -> str:
    """What a printed figure should be: as exact as it is printed, and up to two decimals more where that shows no difference."""
    decimals = printed_decimals(printed)
    told = in_printed_unit(value, unit, decimals)
    for more in (1, 2, None):
        if value is None or printed_value is None or value == printed_value or told != in_printed_unit(printed_value, unit):
            break
        told = in_printed_unit(value, unit, None if more is None else decimals + more)
    return told


def measured(value: Decimal | None, kind: str, unit: Unit, language: Language) -> str:
    """A value of a metric: ``yuan`` in ``unit``, ``people`` whole, percent and 元 a head to a hundredth."""
    if value is None:
        return MISSING
    if kind == "yuan":
        return format_amount(value, unit, language)
    if kind == "people":
        return plain(value)
    return f"{value:,.2f}"


def years_of(first: int | None, last: int | None) -> str:
    """A span of years; open where a bound is not known."""
    if first is None and last is None:
        return ""
    if first == last:
        return str(first)
    return f"{first if first is not None else ''}–{last if last is not None else ''}"


def all_years(years: Iterable[int]) -> list[int]:
    """All years from the first to the last: those without data are columns, too."""
    known = sorted(set(years))
    return list(range(known[0], known[-1] + 1)) if known else []
