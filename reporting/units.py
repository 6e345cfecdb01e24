"""The unit in which amounts are shown: 元, 万元 or 亿元, chosen for the reader. In the marts amounts are 元."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

Language = Literal["zh", "en"]
MISSING = "—"

# DECIMAL(38, 2), a sum of amounts, has more digits than Python's default context keeps.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of money: what one of it is in 元, and the decimals with which it is shown."""

    name_zh: str
    name_en: str
    divisor: Decimal
    decimals: int

    def label(self, language: Language) -> str:
        return self.name_zh if language == "zh" else self.name_en

    def of(self, amount: Decimal) -> Decimal:
        """An amount in 元, exactly, in this unit."""
        return _EXACT.divide(amount, self.divisor)

    def rounded(self, amount: Decimal) -> Decimal:
        """An amount in 元, in this unit, with its decimals; half a last digit away from zero, as printed accounts round."""
        return self.of(amount).quantize(Decimal(1).scaleb(-self.decimals), context=_EXACT)


YUAN = Unit("元", "yuan", Decimal(1), 2)
WAN = Unit("万元", "10,000 yuan", Decimal(10_000), 2)
YI = Unit("亿元", "100 million yuan", Decimal(100_000_000), 2)
UNITS = (YI, WAN, YUAN)

# What is no amount of money is shown as it is.
PERCENT = Unit("%", "%", Decimal(1), 1)
PEOPLE = Unit("人", "people", Decimal(1), 0)
PER_HEAD = Unit("元/人", "yuan per head", Decimal(1), 2)
COUNT = Unit("个", "count", Decimal(1), 0)


def choose_unit(amounts: Iterable[Decimal | None]) -> Unit:
    """The largest unit of which the largest amount is at least one, and in which no amount but zero would be shown as zero.

    ``amounts`` are 元; ``None`` (nothing printed) has no say. Without any amount it is 元.
    """
    sizes = [abs(amount) for amount in amounts if amount is not None and amount != 0]
    if not sizes:
        return YUAN
    largest, smallest = max(sizes), min(sizes)
    return next((unit for unit in UNITS if largest >= unit.divisor and unit.rounded(smallest) != 0), YUAN)


def format_amount(amount: Decimal | None, unit: Unit, language: Language, *, with_unit: bool = False) -> str:
    """An amount in 元 as shown in ``unit``, thousands separated; ``—`` where nothing is printed. ``with_unit`` adds its name."""
    if amount is None:
        return MISSING
    shown = f"{unit.rounded(amount):,f}"
    if not with_unit:
        return shown
    return f"{shown} {unit.label(language)}" if language == "zh" or unit is YUAN else f"{shown} × {unit.label(language)}"


def unit_of_metric(unit: str, values: Iterable[Decimal | None]) -> Unit:
    """The unit in which values of a metric are shown; ``unit`` as in marts.dim_metric. Raises ``KeyError`` if unknown."""
    if unit == "yuan":
        return choose_unit(values)
    return {"percent": PERCENT, "people": PEOPLE, "yuan_per_head": PER_HEAD}[unit]
