"""The article of a published page is told from the frame of the site, and only where that is beyond doubt."""

from __future__ import annotations

from lxml import html

from ingest.readers.site import find_article

PROSE = "本年收入合计一百元。" * 16  # 160 characters


def page(around: str, inside: str = f"<p>{PROSE}</p>", title: str = "某局2023年度部门决算") -> html.HtmlElement:
    return html.document_fromstring(
        f'<html><head><meta name="ArticleTitle" content="{title}"></head>'
        f'<body><div class="menu">{around}</div><div class="TRS_Editor">{inside}</div></body></html>'
    )


def test_what_stands_around_the_article_is_counted_and_its_title_kept() -> None:
    found = find_article(page("信息公开指南"))
    assert found is not None
    assert (found.element.get("class"), found.title, found.passed_over) == ("TRS_Editor", "某局2023年度部门决算", 6)


def test_a_title_that_the_article_repeats_is_not_said_twice() -> None:
    found = find_article(page("指南", f"<p>某局</p><p>2023年度部门决算</p><p>{PROSE}</p>"))
    assert found is not None
    assert found.title == ""


def test_the_article_must_hold_four_fifths_of_the_text_that_is_no_link() -> None:
    assert find_article(page("字" * 40)) is not None
    assert find_article(page("字" * 41)) is None
    assert find_article(page(f'<a href="/">{"字" * 400}</a><script>{"x" * 400}</script>指南')) is not None


def test_a_page_with_a_form_around_the_article_is_read_as_it_is() -> None:
    assert find_article(page("单位：万元")) is None
    assert find_article(page("收入决算总表")) is None


def test_a_page_without_a_frame_has_no_article_to_tell() -> None:
    assert find_article(page("")) is None
    assert find_article(html.document_fromstring(f"<body><div class=WordSection1><p>{PROSE}</p></div></body>")) is None
