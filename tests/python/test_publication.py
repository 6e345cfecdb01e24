"""When a document was published, and whether it corrects an earlier one: what it prints and what its path says."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.document import Document, Line, Page
from ingest.publication import correction_in_path, date_in_path, read_marks


def document(*pages: tuple[str, ...]) -> Document:
    return Document(
        "text/plain",
        tuple(
            Page(number, tuple(Line(number, place, text) for place, text in enumerate(lines, start=1)))
            for number, lines in enumerate(pages, start=1)
        ),
    )


def marks(*pages: tuple[str, ...]) -> list[tuple[str, str, str, int]]:
    return [(mark.kind, mark.value, mark.source, mark.source_page) for mark in read_marks(document(*pages))]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2024年8月5日", "2024-08-05"),
        ("二〇二四年八月十五日", "2024-08-15"),
        ("二○二四年十二月三十一日", "2024-12-31"),
        ("2024 年 8 月 20 日", "2024-08-20"),
        ("（2024-08-15）", "2024-08-15"),
        ("2024.8.15", "2024-08-15"),
    ],
)
def test_a_day_alone_on_the_cover_is_a_date(line: str, day: str) -> None:
    assert marks(("某市某局2023年度部门决算", line), ("正文",)) == [("date", day, "cover", 1)]


@pytest.mark.parametrize(
    "line", ["2024年8月", "2024年13月1日", "2024年2月30日", "截至2023年12月31日", "2023年度", "1999年8月1日"]
)
def test_what_is_no_day_alone_is_none(line: str) -> None:
    assert marks(("某市某局2023年度部门决算", line), ("正文",)) == []


def test_the_cover_ends_where_the_contents_begin() -> None:
    assert marks(("某市某局2023年度部门决算", "目录", "2024年8月15日"), ("正文",)) == []
    assert marks(("某市某局2023年度部门决算", "2024年8月15日", "目录"), ("正文",)) == [("date", "2024-08-15", "cover", 1)]


def test_a_signature_stands_on_the_last_page() -> None:
    assert marks(("封面",), ("2024年8月15日",), ("某市某局", "2024年9月1日")) == [("date", "2024-09-01", "signature", 3)]


def test_a_line_that_says_what_the_date_is_may_stand_anywhere() -> None:
    assert marks(("封面",), ("来源：某局 发布日期：2024-08-15 浏览次数",), ("末页",)) == [("date", "2024-08-15", "text", 2)]
    assert marks(("封面",), ("开工日期：2024-08-15",), ("末页",)) == []


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("某市某局2023年度部门决算（更正）", "更正"),
        ("关于某局2023年部门决算的勘误", "勘误"),
        ("某局2023年度部门决算（修订版）", "修订"),
        ("某局2023年度部门决算（更新）", "更新"),
        ("某局2023年度部门决算更新版", "更新版"),
    ],
)
def test_a_title_says_that_it_corrects(line: str, word: str) -> None:
    assert marks((line,), ("正文",)) == [("correction", word, "cover", 1)]


@pytest.mark.parametrize(
    "line", ["某市城市更新局2023年度部门决算", "设备更新", "某局负责预算编制办法的修订。", "某局2023年度部门决算"]
)
def test_a_department_that_renews_corrects_nothing(line: str) -> None:
    assert marks((line,), ("正文",)) == []
    assert correction_in_path(f"/files/{line}.pdf") is None or line.endswith("。")


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/files/t20240815_123456.html", date(2024, 8, 15)),
        ("/files/P020240815598012345678.pdf", date(2024, 8, 15)),
        ("/files/20240815103000.pdf", date(2024, 8, 15)),
        ("/files/决算2024-8-15.pdf", date(2024, 8, 15)),
        ("/files/决算（2024年8月15日）.pdf", date(2024, 8, 15)),
        ("/files/2024-08-15/决算.pdf", date(2024, 8, 15)),
        ("/files/2024-08-15/决算20240901.pdf", date(2024, 9, 1)),
        ("/files/附件20240815.zip!/决算.pdf", date(2024, 8, 15)),
        ("/files/某局2023年度部门决算.pdf", None),
        ("/files/12024081512.pdf", None),
        ("/files/20241315.pdf", None),
        ("/files/2024-02-30.pdf", None),
    ],
)
def test_the_day_in_a_path(path: str, day: date | None) -> None:
    assert date_in_path(path) == day


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/files/某局2023年度部门决算（更正）.pdf", "更正"),
        ("/files/某局2023年度部门决算-更新.pdf", "更新"),
        ("/files/更正/某局2023年度部门决算.pdf", "更正"),
        ("/更正/files/某局2023年度部门决算.pdf", None),
        ("/files/某市城市更新局2023年度部门决算.pdf", None),
        ("/files/某局2023年度部门决算.pdf", None),
    ],
)
def test_the_word_of_correction_in_a_path(path: str, word: str | None) -> None:
    assert correction_in_path(path) == word
