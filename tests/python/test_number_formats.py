"""What numbers print under the formats of finance workbooks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.numbers import parse_number
from ingest.readers.number_format import general, render, render_text

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "code", "printed"),
    [
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (1000000, "#,##0", "1,000,000"),
        (999, "#,##0", "999"),
        (0.5, "#,##0", "1"),
        (1.005, "0.00", "1.01"),  # half of a last digit is rounded up, as typed and not as stored
        (0.1 + 0.2, "0.00", "0.30"),
        (1234.567, "#,##0.##", "1,234.57"),
        (1234.5, "#,##0.##", "1,234.5"),
        (0, "#", ""),
        (0.25, "#.##", ".25"),
        (1234.5, ACCOUNTING, "1,234.50"),
        (-1234.5, ACCOUNTING, "-1,234.50"),
        (0, ACCOUNTING, "-"),
        (-5, "#,##0.00_);(#,##0.00)", "(5.00)"),
        (-12.3, "#,##0.00_ ;[Red]\\-#,##0.00\\ ", "-12.30"),
        (0, "0.00;-0.00;;@", ""),
        (-3, "0.00;-0.00;;@", "-3.00"),
        (5, "0.00;-0.00;", "5.00"),
        (-3, "0.00", "-3.00"),
        (5, ";;;", ""),
        (0.1234, "0.00%", "12.34%"),
        (0.88, "0%", "88%"),
        (5, "000", "005"),
        (7, "0_ ", "7"),
        (20240801, "0000-00-00", "2024-08-01"),
        (12345.678, "0!.0,", "1.2"),  # 万元, as Chinese offices write it
        (123456789, "0,", "123457"),
        (12345678, "0.00,,", "12.35"),
        (123456.78, '#,##0.00"元"', "123,456.78元"),
        (1234.5, "[$￥-804]#,##0.00", "￥1,234.50"),
        (3, '"第"0"页"', "第3页"),
        (1234567.5, '[>=10000]0.00,"千";0.00', "1234.57千"),
        (12.5, '[>=10000]0.00,"千";0.00', "12.50"),
        (12345.6, "0.00E+00", "1.23E+04"),
        (5, "@", "5"),
        (45505, 'yyyy"年"m"月"d"日"', "2024年8月1日"),
        (45505, '[DBNum1][$-804]yyyy"年"m"月"d"日"', "二〇二四年八月一日"),
        (45658, '[DBNum1]yyyy"年"m"月"', "二〇二五年一月"),
        (45505, "yyyy-mm-dd", "2024-08-01"),
        (45505, "yyyy/m/d;@", "2024/8/1"),
        (45505, "[$-F800]dddd, mmmm dd, yyyy", "2024年8月1日"),
        (45505.75, "h:mm AM/PM", "6:00 PM"),
        (45505.5, "yyyy/m/d h:mm:ss", "2024/8/1 12:00:00"),
        (1.5, "[h]:mm:ss", "36:00:00"),
    ],
)
def test_a_number_prints_by_its_format(value: float, code: str, printed: str) -> None:
    rendered = render(value, code)
    assert (rendered.text, rendered.is_understood) == (printed, True)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0, "0"),
        (2010301, "2010301"),
        (123456789012, "123456789012"),
        (0.1 + 0.2, "0.3"),
        (1234.5, "1234.5"),
        (123456789.12, "123456789.12"),
        (12.345678, "12.345678"),  # six decimals are printed as they are
        (12.3456789, "12.345679"),  # more are cut to what a cell shows
        (1 / 3, "0.333333"),
        (-0.07, "-0.07"),
        (1e-9, "1E-9"),
    ],
)
def test_general_prints_as_short_as_it_is(value: float, printed: str) -> None:
    assert general(value) == printed


@pytest.mark.parametrize("code", ["# ?/?", "[DBNum2]0", "##0.0E+0", "[什么]0.00"])
def test_what_is_not_understood_prints_as_general_and_says_so(code: str) -> None:
    rendered = render(1234.5, code)
    assert (rendered.text, rendered.is_understood) == ("1234.5", False)


def test_a_number_that_is_no_day_is_not_printed_as_one() -> None:
    assert not render(-1, "yyyy-mm-dd").is_understood
    assert not render(2958466, "yyyy-mm-dd").is_understood
    assert render(2958465, "yyyy-mm-dd").text == "9999-12-31"
    assert render(0, "yyyy-mm-dd", from_1904=True).text == "1904-01-01"


def test_a_text_prints_itself_unless_its_part_of_the_format_says_otherwise() -> None:
    assert [render_text("x", code).text for code in ("0.00", "@", '@"元"', "0;0;0;", "0;0;0;@")] == ["x", "x", "x元", "", "x"]


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2, allow_nan=False, allow_infinity=False))
def test_a_sum_of_money_comes_back_from_what_is_printed(amount: Decimal) -> None:
    for code in ("#,##0.00", "0.00", ACCOUNTING, "#,##0.00_);(#,##0.00)", "#,##0.00;[Red]-#,##0.00"):
        printed = render(float(amount), code).text
        number = parse_number("0.00" if printed == "-" else printed)
        assert number is not None and (number.value, number.decimals) == (amount, 2)


@given(st.floats(allow_nan=True, allow_infinity=True), st.text(max_size=12))
def test_no_number_and_no_format_breaks_the_reader(value: float, code: str) -> None:
    assert isinstance(render(value, code).text, str)
    assert isinstance(render_text("文", code).text, str)


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(alphabet='0#?.,%;_*"\\[]@-/ hmsdyE+', max_size=12))
def test_no_format_of_formatting_characters_breaks_the_reader(value: float, code: str) -> None:
    assert isinstance(render(value, code).text, str)
