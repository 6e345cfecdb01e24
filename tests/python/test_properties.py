"""What holds for every text: numbers, units, codes, labels and figures in prose. See hypothesis_profiles for longer runs."""

from __future__ import annotations

import re
import string
from decimal import Decimal

from hypothesis import assume, example, given
from hypothesis import strategies as st

from ingest.catalogue import catalogue, header_text, without_ordinals
from ingest.forms.codes import assemble_code, complete_code, split_code
from ingest.narrative.figures import events_in, folded
from ingest.narrative.words import words
from ingest.numbers import MAX_DECIMALS, MAX_WHOLE_DIGITS, has_digit, is_holdable, is_nothing, parse_number
from ingest.text import fold, squash
from tests.python import hypothesis_profiles

hypothesis_profiles.load()

DIGITS = string.digits
FULL_WIDTH = str.maketrans("0123456789.,-()", "０１２３４５６７８９．，－（）")
SPACES = " \t\u3000\u00a0"

# Texts near to what is parsed, and any text at all.
near_numbers = st.text(alphabet="0123456789０９.．,，-－—（）()△¥元 \n\u3000\u200b/无%e+", max_size=20)
near_labels = st.text(
    alphabet="一二三〇年支出收入合计其中：:（）()[]【】“”\"'·、.1234 \u3000\n\u200be\u0301公开表决算", max_size=30
)
texts = st.one_of(st.text(max_size=60), near_numbers, near_labels)


@st.composite
def amounts(draw: st.DrawFn) -> Decimal:
    """What staging can hold: up to 18 digits before the point and 6 after it, trailing zeros kept."""
    decimals = draw(st.integers(0, MAX_DECIMALS))
    whole = draw(st.integers(0, 10 ** draw(st.integers(0, MAX_WHOLE_DIGITS)) - 1))
    fraction = draw(st.text(alphabet=DIGITS, min_size=decimals, max_size=decimals))
    return Decimal(f"{whole}.{fraction}" if decimals else str(whole))


@st.composite
def printed(draw: st.DrawFn, value: Decimal) -> tuple[str, Decimal]:
    """A value in one of the styles of disclosures, and the value that it then has."""
    text = f"{value:,f}" if draw(st.booleans()) else f"{value:f}"
    sign = draw(st.sampled_from(("", "-", "－", "−", "(", "（", "△")))
    text = {"(": f"({text})", "（": f"（{text}）"}.get(sign, sign + text)
    if draw(st.booleans()):
        text = text.translate(FULL_WIDTH)
    # OCR parts what a sign, a point or a comma stands between; a cell may be padded.
    text = re.sub(r"(?<=[.．,，\-－−△(（])|(?=[.．,，)）])", lambda _: draw(st.sampled_from(("", "", " ", "\u3000", "\n"))), text)
    text = draw(st.sampled_from(("", " ", "\n", "\u200b"))) + text + draw(st.sampled_from(("", " ", "元", "\u3000")))
    return text, -value if sign else value


# --- numbers


@given(st.data(), amounts())
def test_a_number_in_any_style_of_printing_is_read_with_its_value_and_decimals(data: st.DataObject, value: Decimal) -> None:
    text, stands_for = data.draw(printed(value))
    number = parse_number(text)
    assert number is not None
    assert number.value == stands_for
    assert number.decimals == -int(value.as_tuple().exponent)
    assert is_holdable(number)
    assert not is_nothing(text)


@given(amounts(), st.sampled_from((" ", "\u00a0")))
def test_thousands_may_be_parted_by_spaces(value: Decimal, space: str) -> None:
    assume(value >= 1)
    number = parse_number(f"{value:,f}".replace(",", space))
    assert number is not None
    assert number.value == value


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(("\n", "\r\n", " \n ", "\u2028")))
def test_two_whole_numbers_on_two_lines_of_a_cell_are_not_one(a: int, b: int, end: str) -> None:
    assert parse_number(f"{a}{end}{b}") is None


@given(amounts(), st.integers(0, 9))
def test_two_numbers_beside_each_other_are_not_one(a: Decimal, b: int) -> None:
    assert parse_number(f"{a:f} {b}") is None


@given(st.text(max_size=80).flatmap(lambda t: st.tuples(st.just(t), near_numbers)).map("".join))
@example("9" * 10_000)
@example("٣")
@example("1²")
@example("-" * 500)
@example("1" + ",000" * 500)
def test_a_number_keeps_each_digit_that_is_printed_and_adds_none(text: str) -> None:
    number = parse_number(text)
    is_nothing(text)
    if number is None:
        return
    of_text = "".join(str(int(c)) for c in text if c.isdecimal())
    # The value shifted to a whole number has the digits of the text, leading zeros aside.
    shifted = "".join(map(str, number.value.as_tuple().digits))
    assert shifted.lstrip("0") == of_text.lstrip("0")
    assert 0 <= number.decimals <= len(of_text)
    assert number.decimals == -min(0, int(number.value.as_tuple().exponent))


@given(near_numbers)
def test_what_is_a_number_is_not_nothing_and_prints_a_digit(text: str) -> None:
    if parse_number(text) is not None:
        assert not is_nothing(text)
        assert has_digit(text)


@given(st.text(alphabet="-—―－–—/／*…. 　", max_size=12))
def test_signs_for_nothing_are_nothing_and_no_number(text: str) -> None:
    assert is_nothing(text)
    assert parse_number(text) is None


@given(amounts(), st.sampled_from(("%", "辆", "年", "万元", "x", "/", ".", ",", "-1", "、2", "e5", "E5", "_0")))
def test_a_number_with_something_behind_it_is_no_amount(value: Decimal, behind: str) -> None:
    assert parse_number(f"{value:f}{behind}") is None


# --- normal forms


@given(texts)
@example("e\u200b\u0301")
@example("e·\u0301")
@example("二〇二〇二三年")
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert squash(squash(text)) == squash(text)
    assert (
        header_text(header_text(text)) == header_text(text)
        or header_text(text)[:1] in "一二三四五六七八九十0123456789（①-—★*#其2"
    )
    assert without_ordinals(without_ordinals(fold(text))) == without_ordinals(fold(text))


@given(st.text(alphabet="一般公共服务支出行政运行abc0123", min_size=1, max_size=20), st.data())
def test_white_space_and_kinds_of_brackets_never_tell_two_labels_apart(label: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(label)))
    space = data.draw(st.text(alphabet=SPACES + "\n\u200b\ufeff", max_size=4))
    left, right = data.draw(st.sampled_from(("()", "（）", "〔〕", "【】", "[]")))
    assert fold(f"{label[:at]}{space}{left}{label[at:]}{right}") == fold(f"{label[:at]}（{label[at:]}）")
    assert squash(label[:at] + space + label[at:]) == label


@given(
    st.text(alphabet="一般公共服务支出行政运行的（）：，", max_size=20),
    st.text(alphabet="一般公共服务支出行政运行的（）：，", max_size=20),
)
def test_labels_of_other_characters_stay_apart(a: str, b: str) -> None:
    assert (fold(a) == fold(b)) == (a == b)


@given(texts)
def test_a_normal_form_keeps_each_digit(text: str) -> None:
    assume("二" not in text)  # years in Chinese digits become Arabic ones
    of_text = [c for c in text.translate(FULL_WIDTH) if c in "０１２３４５６７８９"]
    assert [c for c in fold(text).translate(FULL_WIDTH) if c in "０１２３４５６７８９"] == of_text


# --- the catalogue


@given(texts)
def test_the_catalogue_answers_for_any_text(text: str) -> None:
    known = catalogue()
    known.title(text)
    known.contents_entry(text)
    known.unit(text)
    known.unit_in_header(text)
    known.number(text)
    known.measure(text)
    known.count_unit(text)
    for answer in (known.is_note, known.is_signature, known.says_no_data, known.is_rubbish, known.is_index_label):
        assert answer(text) in (True, False)
    for shape in ("summary", "function", "economic", "measures", "list"):
        known.is_header_word(text, shape)
        known.column([text, text], shape)


TITLES = (
    "收入支出决算总表",
    "支出决算表",
    "一般公共预算财政拨款支出决算表",
    "政府性基金预算财政拨款收入支出决算表",
    "部门收支预算总表",
)


@given(st.sampled_from(TITLES), st.data())
def test_a_title_is_known_with_any_spaces_in_it(title: str, data: st.DataObject) -> None:
    spaced = "".join(c + data.draw(st.sampled_from(("", "", " ", "\u3000"))) for c in title)
    plain, read = catalogue().title(title), catalogue().title(spaced)
    assert plain is not None
    assert read == plain


@given(
    st.sampled_from(("元", "万元", "亿元")),
    st.sampled_from(("单位：{}", "金额单位：{}", "单位:{}", "（单位：{}）", "单位：人民币{}")),
    st.data(),
)
def test_a_unit_is_known_with_any_spaces_in_it(unit: str, pattern: str, data: st.DataObject) -> None:
    text = "".join(c + data.draw(st.sampled_from(("", " ", "\u3000"))) for c in pattern.format(unit))
    assert catalogue().unit(text) == unit


# --- codes


@st.composite
def codes(draw: st.DrawFn) -> list[str]:
    """A class, a section and an item, as many as there are."""
    levels = [str(draw(st.integers(200, 599)))]
    for _ in range(draw(st.integers(0, 2))):
        levels.append(f"{draw(st.integers(0, 99)):02}")
    return levels


@given(codes(), st.data())
def test_a_code_is_the_same_from_one_column_or_three_however_its_levels_are_written(
    levels: list[str], data: st.DataObject
) -> None:
    whole = "".join(levels)
    empty = [""] * (3 - len(levels))
    repeated = ["".join(levels[: i + 1]) for i in range(len(levels))]
    short = [levels[0], *(str(int(level)) for level in levels[1:])]
    for parts in ([*levels, *empty], [*repeated, *empty], [*short, *empty]):
        spaced = [part and part + data.draw(st.sampled_from(("", " ", "\n"))) for part in parts]
        assert assemble_code(spaced) == whole
    assert assemble_code([whole]) == whole


@given(codes(), st.sampled_from((1, 2)))
def test_a_code_whose_upper_levels_stand_only_in_the_row_above_begins_with_them(levels: list[str], printed_level: int) -> None:
    assume(len(levels) == 3)
    above = "".join(levels)
    parts = ["", "", ""]
    parts[printed_level] = "07"
    code = assemble_code(complete_code(parts, above))
    assert code is not None
    assert len(code) in (5, 7)
    assert code == above[: len(code) - 2] + "07"


@given(
    codes(),
    st.text(alphabet="一般公共服务支出行政运行（）", min_size=1, max_size=12),
    st.sampled_from(("", " ", "-", "　", "、")),
)
def test_a_code_and_a_name_in_one_cell_come_apart_as_they_were(levels: list[str], name: str, between: str) -> None:
    assume(name[0] not in "（）")
    whole = "".join(levels)
    assert split_code(f"{whole}{between}{name}") == (whole, name)


@given(st.lists(texts, min_size=1, max_size=4), st.one_of(st.none(), st.text(alphabet=DIGITS, max_size=9)))
def test_codes_answer_for_any_cells_and_make_up_no_digit(parts: list[str], above: str | None) -> None:
    code = assemble_code(parts)
    assert code is None or (code.isdecimal() and code.isascii())
    if code is not None:
        for part in (squash(p) for p in parts):
            plain = "".join(str(int(c)) if c.isdecimal() else c for c in part)
            assert plain in code or plain in ("类", "款", "项", "") or plain.zfill(2) in code
    complete_code(parts, above)
    for text in parts:
        split = split_code(text)
        if split is not None:
            assert len(split[0]) in (3, 5, 7)
            assert split[0].isascii()
            assert squash(text).endswith(split[1])


# --- figures in prose


@given(
    st.one_of(st.text(max_size=100), st.text(alphabet="0123456789.,，。；（）万亿元%年月日增长下降较上为新持平-—第", max_size=60))
)
@example("二〇二三年")
@example("9" * 3000 + "万元")
def test_the_figures_of_any_sentence_stand_where_they_say(text: str) -> None:
    plain = folded(text)
    assert len(plain) == len(text)
    end = 0
    for event in events_in(plain, words()):
        assert 0 <= event.lead_start <= event.start < event.end <= len(plain)
        assert event.start >= end
        end = event.end
        if hasattr(event, "value"):
            assert plain[event.start : event.end].endswith(event.unit)
            assert event.decimals >= 0
            number = parse_number(plain[event.start : event.number_end])
            assert number is not None
            assert (number.value, number.decimals) == (event.value, event.decimals)


@given(amounts(), st.sampled_from(("万元", "元", "亿元")))
def test_a_sum_of_money_in_prose_is_read_with_its_unit(value: Decimal, unit: str) -> None:
    for text in (f"收入总计{value:f}{unit}。", f"收入总计{value:,f}{unit}。"):
        [figure] = events_in(folded(text), words())
        assert (figure.value, figure.unit, figure.kind) == (value, unit, "money")
        assert figure.decimals == -int(value.as_tuple().exponent)
