"""Amounts as cells print them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.numbers import has_digit, is_nothing, parse_number


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("2,940.05", "2940.05", 2),
        ("29029236. 59", "29029236.59", 2),  # OCR
        ("1 234 567.80", "1234567.80", 2),
        ("0", "0", 0),
        ("0.00", "0.00", 2),
        ("-61.5", "-61.5", 1),
        ("－61.5", "-61.5", 1),
        ("(1,234.50)", "-1234.50", 2),
        ("（12）", "-12", 0),
        ("１２．３０", "12.30", 2),
        ("¥3.10", "3.10", 2),
        ("△3.10", "-3.10", 2),
        ("12,34\n5.00", "12345.00", 2),  # a cell too narrow for its number
        ("164,978,640", "164978640", 0),
        ("0.000001", "0.000001", 6),
        ("99999999999999.99", "99999999999999.99", 2),
    ],
)
def test_a_number_keeps_its_exact_value_and_its_decimals(text: str, value: str, decimals: int) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.decimals) == (Decimal(value), decimals)


@pytest.mark.parametrize(
    "text",
    [
        "12,34.5",
        "1,2345",
        "1.2.3",
        "12%",
        "3辆",
        "2022年",
        "一",
        "",
        "——",
        "1-2",
        "(5",
        "1,234,56",
        "12\n34",
        "12 3",
        "1.50 2.50",
        "0 100",
    ],
)
def test_what_is_not_exactly_one_number_is_none(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["", " ", "-", "—", "——", "———", "/", "无", "…", "一", "－－", "N/A"])
def test_signs_for_nothing_are_nothing(text: str) -> None:
    assert is_nothing(text)


@pytest.mark.parametrize("text", ["0", "0.00", "无3", "-1", "合计", "一、"])
def test_a_printed_zero_or_word_is_something(text: str) -> None:
    assert not is_nothing(text)


def test_full_width_digits_are_digits() -> None:
    assert has_digit("约３辆")
    assert not has_digit("三辆")
