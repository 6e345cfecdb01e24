"""Figures as a reader is shown them: amounts in a unit, rates, counts, the printed figure beside what it should be."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from reporting.units import MISSING, Language, Unit, format_amount

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


def in_printed_unit(value: Decimal | None, unit: str | None) -> str:
    """A value of the marts (元, percent or a count) in the unit that the document prints."""
    if value is None:
        return MISSING
    if unit == "%":
        return f"{value:,.2f} %"
    divisor = PRINTED_UNITS.get(unit or "")
    number = plain(value / divisor, 2) if divisor else plain(value)
    return f"{number} {unit}" if unit else number


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
