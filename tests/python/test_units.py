"""The unit is chosen for the reader, and no amount but zero is ever shown as zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reporting.units import WAN, YI, YUAN, Unit, choose_unit, format_amount


@pytest.mark.parametrize(
    ("largest", "unit"),
    [("9999.99", YUAN), ("10000.00", WAN), ("99999999.99", WAN), ("100000000.00", YI), ("-100000000.00", YI), ("-9999.99", YUAN)],
)
def test_a_unit_begins_where_the_largest_amount_is_one_of_it(largest: str, unit: Unit) -> None:
    assert choose_unit([None, Decimal(largest), Decimal(0)]) is unit


def test_no_amount_but_zero_is_shown_as_zero() -> None:
    # 0.01 of 亿元 is 1,000,000 元; half of it still rounds to 0.01, less does not.
    assert choose_unit([Decimal("230000000"), Decimal("500000.00")]) is YI
    assert choose_unit([Decimal("230000000"), Decimal("499999.99")]) is WAN
    assert choose_unit([Decimal("230000000"), Decimal("49.99")]) is YUAN


def test_without_any_amount_it_is_yuan() -> None:
    assert choose_unit([]) is YUAN
    assert choose_unit([None, Decimal(0)]) is YUAN


def test_amounts_are_rounded_half_away_from_zero_and_thousands_separated() -> None:
    assert format_amount(Decimal("64558473.12"), WAN, "zh") == "6,455.85"
    assert format_amount(Decimal("12345.50"), WAN, "zh") == "1.23"
    assert format_amount(Decimal("12350.00"), WAN, "zh") == "1.24"
    assert format_amount(Decimal("-12350.00"), WAN, "zh") == "-1.24"
    assert format_amount(Decimal("999999999999999999.99"), YUAN, "zh") == "999,999,999,999,999,999.99"


def test_what_is_missing_is_a_dash_and_a_printed_zero_is_zero() -> None:
    assert format_amount(None, WAN, "zh", with_unit=True) == "—"
    assert format_amount(Decimal(0), WAN, "zh") == "0.00"


def test_the_unit_is_named_in_the_language_of_the_reader() -> None:
    assert format_amount(Decimal("64558473.12"), WAN, "zh", with_unit=True) == "6,455.85 万元"
    assert format_amount(Decimal("64558473.12"), WAN, "en", with_unit=True) == "6,455.85 × 10,000 yuan"
    assert format_amount(Decimal("64558473.12"), YUAN, "en", with_unit=True) == "64,558,473.12 yuan"
