"""Classification codes in one column or in three."""

from __future__ import annotations

import pytest

from ingest.forms.codes import assemble_code, complete_code, split_code


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (["2010601"], "2010601"),
        (["201 06 01"], "2010601"),
        (["201", "06", "01"], "2010601"),
        (["201", "6", "1"], "2010601"),  # missing leading zeros
        (["201", "20106", "2010601"], "2010601"),  # each level repeats the ones above
        (["201", "", ""], "201"),
        (["201", "06", ""], "20106"),
        (["301", "01"], "30101"),
        (["201", "06", "10"], "2010610"),  # the last two digits are not padded away
        (["7"], "7"),  # as printed: a publisher's slip is not repaired
        (["２０１", "０６", "０１"], "2010601"),  # from an input method
        (["类", "款", "项"], None),
        (["", "", ""], None),
        (["合计", "", ""], None),
    ],
)
def test_a_code_is_assembled_from_its_cells(parts: list[str], code: str | None) -> None:
    assert assemble_code(parts) == code


@pytest.mark.parametrize(
    ("parts", "above", "code"),
    [
        (["", "05", ""], "201", "20105"),
        (["", "", "01"], "20105", "2010501"),
        (["", "", "02"], "2010501", "2010502"),
        (["", "08", ""], "2080506", "20808"),
        (["208", "", ""], "2010501", "208"),  # a class of its own takes nothing over
        (["", "05", ""], None, "05"),  # nothing above: as printed
    ],
)
def test_levels_that_are_printed_only_where_they_change_come_from_above(parts: list[str], above: str | None, code: str) -> None:
    assert assemble_code(complete_code(parts, above)) == code


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("2010601行政运行", ("2010601", "行政运行")),
        ("201 一般公共服务支出", ("201", "一般公共服务支出")),
        ("20106-财政事务", ("20106", "财政事务")),
        ("[207]文化旅游体育与传媒支出", ("207", "文化旅游体育与传媒支出")),
        ("2010601", None),
        ("30万元以上设备", None),  # two digits are no code
        ("2022年度", None),  # four are none either
        ("合计", None),
    ],
)
def test_a_code_and_a_name_in_one_cell_are_told_apart(text: str, split: tuple[str, str] | None) -> None:
    assert split_code(text) == split
