"""Checks of the prose: what publishers got wrong beside their figures, in real documents and in the samples, and nothing else."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from tests.python.test_corpus import rows

WRONG = """
    select d.file_name, c.source_page, c.check_name, c.printed, count(*)
    from marts.fct_narrative_check as c
    inner join marts.dim_document as d on c.document_id = d.document_id
    where c.status = 'inconsistent'
    group by all
"""

FINANCE_2024 = "上海市普陀区财政局2024年度部门决算.pdf"
PLANNING_2024 = "上海市普陀区规划和自然资源局2024年度部门决算.pdf"
SHANGHAI_2025 = "上海市财政局25年预算.pdf"
CONGRESS_2017 = "江苏省人大办公厅__江苏省人大办公厅2017年度预算公开.pdf"
CONGRESS_2018 = "江苏省人大办公厅__省人大办公厅2018预算公开.pdf"
CONGRESS_2019 = "江苏省人大办公厅__江苏省人大常委会2019年度部门预算公开.pdf"
CONGRESS_2019_TABLES = "江苏省人大办公厅__江苏省人大常委会办公厅2019年部门预算公开表.pdf"
CPPCC_2017 = "江苏省政协办公厅__江苏省政协办公厅2017年度部门预算.pdf"
CPPCC_2018 = "江苏省政协办公厅__江苏省政协办公厅2018年度部门预算.pdf"
CPPCC_2019 = "江苏省政协办公厅__江苏省政协办公厅2019年度部门预算.pdf"
FORM_06 = "（按部门预算公开06表财政拨款基本支出预算表中实际发生经济分类支出事项填写）"
FORM_08 = "（按部门预算公开08表财政拨款基本支出预算表中实际发生经济分类支出事项填写）"
GENERAL_08 = "（按部门预算公开08表一般公共预算基本支出预算表中实际发生经济分类支出事项填写）"

# Looked up on the page, each of them: (page, check, what is printed), and how often where more than once.
FOUND_IN_THE_CORPUS: dict[str, dict[tuple[int, str, str | None], int]] = {
    FINANCE_2024: {
        (21, "shares_of_whole", "100.07 %"): 1,
        # The reason is that of the decrease two sections below.
        (21, "flat_with_reason", "flat"): 1,
        # The row of 奖励金 prints 0.31, that of 个人农业生产补贴 nothing.
        (23, "listed_item", "个人农业生产补贴"): 1,
    },
    PLANNING_2024: {
        (24, "level_word", "住房保障支出（款）"): 2,
        (24, "listed_item", "奖金"): 1,
        (24, "listed_item", "奖励金"): 1,
        (24, "listed_item", "其他对个人和家庭的补助支出"): 1,
        (24, "listed_item", "税金及附加费用"): 1,
        (25, "template_text", "下降（增长）27.78%"): 1,
        (26, "template_text", "，列明公务"): 1,
        (26, "missing_unit", "支出0.39万（"): 1,
    },
    SHANGHAI_2025: {(15, "empty_form_note", None): 1, (16, "empty_form_note", None): 1},
    CONGRESS_2017: {
        (1, "contents_title", "政府性基金支出预算表"): 1,
        (2, "contents_title", "政府采购支出预算表"): 1,
        (26, "listed_item", "其他工资福利支出"): 1,
        (27, "listed_item", "其他工资福利支出"): 1,
        (27, "listed_item", "其他对个人和家庭的补助支出"): 1,
        (28, "shares_of_whole", "32.78 %"): 1,
    },
    CONGRESS_2018: {
        (2, "contents_title", "一般公共预算三公经费、会议费、培训费支出预算表"): 1,
        (2, "contents_title", "政府性基金财政拨款支出预算表"): 1,
        (25, "level_word", "行政事业单位离退休（类）"): 3,
        (25, "level_word", "住房改革支出（类）"): 1,
        (26, "level_word", "住房改革支出（类）"): 1,
        (26, "template_text", FORM_06): 2,
        (27, "template_text", GENERAL_08): 2,
    },
    CONGRESS_2019: {
        (2, "contents_title", "一般公共预算三公经费、会议费、培训费支出预算表"): 1,
        (2, "contents_title", "政府性基金财政拨款支出预算表"): 1,
        (2, "contents_title", "政府采购支出预算表"): 1,
        (5, "year_of_text", "2018"): 1,
        (10, "missing_unit", "增加209万用于"): 1,
        (13, "level_word", "行政事业单位离退休（类）"): 1,
        (14, "level_word", "行政事业单位离退休（类）"): 2,
        (14, "level_word", "住房改革支出（类）"): 2,
        (15, "listed_item", "奖金"): 1,
        (16, "missing_figure", "年政府性基金支出预算支出万元。"): 1,
    },
    CONGRESS_2019_TABLES: {(10, "empty_form_note", None): 1},
    CPPCC_2017: {(1, "contents_title", "一般公共预算三公经费、会议费、培训费支出预算表"): 1},
    CPPCC_2018: {
        (2, "contents_title", "一般公共预算三公经费、会议费、培训费支出预算表"): 1,
        (2, "contents_title", "政府性基金财政拨款支出预算表"): 1,
        (2, "contents_title", "政府采购支出预算表"): 1,
        (12, "template_text", FORM_06): 2,
        (13, "template_text", FORM_08): 2,
    },
    CPPCC_2019: {
        (2, "contents_title", "一般公共预算三公经费、会议费、培训费支出预算表"): 1,
        (2, "contents_title", "政府性基金财政拨款支出预算表"): 1,
        (2, "contents_title", "政府采购支出预算表"): 1,
        (14, "template_text", FORM_06): 2,
        (15, "template_text", FORM_08): 2,
    },
}


# What the transcribers noted beside the figures: their number, where it stands, and the check that finds it.
NOTED_BY_THE_TRANSCRIBERS = [
    ("A02", FINANCE_2024, 21, "flat_with_reason"),
    ("A05", FINANCE_2024, 23, "listed_item"),
    ("J1-04", CONGRESS_2018, 25, "level_word"),
    ("J1-05", CONGRESS_2018, 26, "level_word"),
    ("J1-06", CONGRESS_2018, 26, "template_text"),
    ("J1-07", CONGRESS_2018, 2, "contents_title"),
    ("J2-01", CONGRESS_2019, 16, "missing_figure"),
    ("J2-02", CONGRESS_2019, 5, "year_of_text"),
    ("J2-03", CONGRESS_2019, 15, "listed_item"),
    ("J2-04", CONGRESS_2019, 10, "missing_unit"),
    ("J2-05", CONGRESS_2019, 13, "level_word"),
    ("J2-06", CONGRESS_2019, 14, "level_word"),
    ("J2-07", CONGRESS_2019, 2, "contents_title"),
    ("J2-08", CONGRESS_2019_TABLES, 10, "empty_form_note"),
]


@pytest.fixture(scope="module")
def wrong_in_the_corpus(corpus_home: Home) -> dict[str, dict[tuple[int, str, str | None], int]]:
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        found: dict[str, dict[tuple[int, str, str | None], int]] = {}
        for file, page, check, printed, times in connection.execute(WRONG).fetchall():
            found.setdefault(file, {})[(page, check, printed)] = times
    return found


@pytest.mark.parametrize("file", FOUND_IN_THE_CORPUS)
def test_what_is_wrong_with_the_prose_of_a_real_document_is_found_and_nothing_else(
    wrong_in_the_corpus: dict[str, dict[tuple[int, str, str | None], int]], file: str
) -> None:
    assert wrong_in_the_corpus[file] == FOUND_IN_THE_CORPUS[file]


@pytest.mark.parametrize(
    ("noted", "file", "page", "check"), NOTED_BY_THE_TRANSCRIBERS, ids=[n[0] for n in NOTED_BY_THE_TRANSCRIBERS]
)
def test_what_the_transcribers_noted_is_found(
    wrong_in_the_corpus: dict[str, dict[tuple[int, str, str | None], int]], noted: str, file: str, page: int, check: str
) -> None:
    assert (page, check) in {found[:2] for found in wrong_in_the_corpus[file]}, noted


def test_the_prose_of_the_other_real_documents_is_not_found_fault_with(
    wrong_in_the_corpus: dict[str, dict[tuple[int, str, str | None], int]],
) -> None:
    assert set(wrong_in_the_corpus) == set(FOUND_IN_THE_CORPUS)


def test_what_is_materially_wrong_with_the_prose_of_the_samples_is_found_and_nothing_else(
    sample_warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """The planted share makes four shares 100.08 %; two planted amounts are not the sums of their parts."""
    found = sample_warehouse.execute(
        WRONG.replace("group by all", "and c.severity = 'material' group by all order by all")
    ).fetchall()
    assert [row[:4] for row in found] == [
        ("云岭省澜溪市审计局2022年度部门决算.pdf", 17, "parts_of_amount", "1669424.56 元"),
        ("云岭省澜溪市自然资源和规划局2024年度部门决算.pdf", 17, "parts_of_amount", "32807500.00 元"),
        ("云岭省澜溪市财政局2018年度部门决算.pdf", 14, "shares_of_whole", "100.08 %"),
    ]


def test_the_words_planted_in_the_samples_are_found_and_no_others(
    sample_warehouse: duckdb.DuckDBPyConnection, root: Path
) -> None:
    """The year before in what the document covers, and a form that the contents call otherwise than its head does."""
    checks = {"stale_year": "year_of_text", "other_title": "contents_title"}
    planted = [m for m in rows(root / "samples" / "expected" / "planted_mistakes.csv") if m["where"] == "words"]
    found = sample_warehouse.execute(WRONG.replace("group by all", "and c.severity = 'wording' group by all")).fetchall()
    assert {row[:3] for row in found} == {(m["file_name"], int(m["page"]), checks[m["kind"]]) for m in planted}
    assert len(found) == len(planted) == 2


def test_every_check_says_what_was_compared_and_only_what_is_wrong_is_severe(corpus_home: Home) -> None:
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        contradictory = connection.execute(
            "select count(*) from marts.fct_narrative_check"
            " where reason is null or (severity is not null) <> (status = 'inconsistent')"
        ).fetchone()
    assert contradictory == (0,)
