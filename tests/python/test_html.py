"""Saved web pages as a browser shows them, oddity by oddity."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.document import Document, Line, Table
from ingest.parse import parse_file
from ingest.parsed import Rejected
from ingest.readers import read_document
from ingest.readers.html import decode
from tests.python import small_disclosure as small

Read = Callable[[str], Document]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(body: str) -> Document:
        path = tmp_path / "page.html"
        path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
        return read_document(path)

    return read


def lines(document: Document) -> list[str]:
    return [line.text for page in document.pages for line in page.lines]


def tables(document: Document) -> list[Table]:
    return [table for page in document.pages for table in page.tables]


def cells(document: Document) -> dict[tuple[int, int], tuple[str, int, int]]:
    (found,) = tables(document)
    return {(c.row, c.column): (c.text, c.row_span, c.column_span) for c in found.cells}


def remarks(document: Document) -> dict[str, str]:
    return {remark.kind: remark.message for remark in document.remarks}


def rejection(path: Path) -> Rejected:
    with pytest.raises(Rejected) as rejected:
        read_document(path)
    return rejected.value


# Text


def test_blocks_are_paragraphs_and_line_ends_are_not(read: Read) -> None:
    document = read("<div>某市<b>档案馆</b><p>甲</p>乙<br/>丙</div><ul><li>丁</li></ul><h2>戊</h2>")
    found = [(b.text, b.is_paragraph) for b in document.pages[0].blocks if isinstance(b, Line)]
    assert found == [("某市档案馆", True), ("甲", True), ("乙", False), ("丙", True), ("丁", True), ("戊", True)]


def test_white_space_is_one_space(read: Read) -> None:
    assert lines(read("<p>部门：\n  某局&nbsp;&nbsp;\t单位：万元&ensp;</p>")) == ["部门： 某局 单位：万元"]


def test_scripts_styles_and_navigation_are_no_text(read: Read) -> None:
    document = read(
        "<style>p{color:red}</style><script>var a='1.00'</script><nav><a href='/'>首页</a></nav><!-- 2.00 -->"
        "<p>您的位置：<a href='/'>首页</a> &gt; <a href='/a'>财政信息公开</a></p><noscript>3.00</noscript>"
        "<p>正文见<a href='/b'>附表</a>，合计1.00万元。</p>"
    )
    assert lines(document) == ["正文见附表，合计1.00万元。"]
    assert "1 lines" in remarks(document)["navigation_skipped"]


def test_the_contents_of_a_page_link_to_places_on_it_and_are_text(read: Read) -> None:
    assert lines(read("<p><a href='#_Toc1'>一、收入决算表</a></p><p><a href='a.htm#_Toc2'>二、支出决算表</a></p>")) == [
        "一、收入决算表",
        "二、支出决算表",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display: none'>77.00</p>",
        "<p hidden>77.00</p>",
        "<p><span style='mso-hide:all'>77.00</span></p>",
        "<style>.x, p.y {DISPLAY:none}</style><p class='b y'>77.00</p>",
        "<style>#z{visibility:hidden}</style><div id=z><p>77.00</p></div>",
    ],
)
def test_what_is_hidden_is_not_read_but_remarked_on(read: Read, hidden: str) -> None:
    document = read(f"<p>甲</p>{hidden}<p>乙</p>")
    assert lines(document) == ["甲", "乙"]
    assert "77.00" in remarks(document)["hidden_text"]


def test_what_is_hidden_in_print_or_on_a_small_screen_only_is_read(read: Read) -> None:
    document = read(
        "<style>@media (max-width:600px){.x{display:none} .y{display:none}} .z{color:red}</style><p class=x>77.00</p>"
    )
    assert lines(document) == ["77.00"]


def test_numbers_of_lists_are_printed(read: Read) -> None:
    document = read("<ol><li>甲<li>乙</ol><ol style='list-style-type:cjk-ideographic' start=3><li>丙</ol><ul><li>丁</ul>")
    assert lines(document) == ["1. 甲", "2. 乙", "三、丙", "丁"]


def test_boxes_of_a_form_are_signs(read: Read) -> None:
    assert lines(read("<p><input type=checkbox checked>优<input type=checkbox>良<input type=hidden value=9></p>")) == ["☑优□良"]


@pytest.mark.parametrize(("depth", "is_read"), [(2040, True), (2060, False)])
def test_elements_may_nest_as_deeply_as_the_parser_goes(read: Read, depth: int, is_read: bool) -> None:
    body = "<div>" * depth + "120.00" + "</div>" * depth + "<p>乙</p>"
    if is_read:
        assert lines(read(body)) == ["120.00", "乙"]
    else:
        with pytest.raises(Rejected) as rejected:
            read(body)
        assert rejected.value.code == "damaged"


@pytest.mark.parametrize(("depth", "is_read"), [(100, True), (101, False)])
def test_tables_may_nest_a_hundredfold(read: Read, depth: int, is_read: bool) -> None:
    body = "<table><tr><td>" * depth + "甲" + "</table>" * depth
    if is_read:
        assert lines(read(body)) == ["甲"]
    else:
        with pytest.raises(Rejected) as rejected:
            read(body)
        assert rejected.value.code == "damaged"


# Tables


def test_merged_cells_and_missing_end_tags(read: Read) -> None:
    document = read("<table><tr><th colspan=2>项目<th rowspan=2>合计<tr><td>编码<td>名称<tr><td>201<td>服务<td>1.00</table>")
    assert cells(document) == {
        (1, 1): ("项目", 1, 2),
        (1, 3): ("合计", 2, 1),
        (2, 1): ("编码", 1, 1),
        (2, 2): ("名称", 1, 1),
        (3, 1): ("201", 1, 1),
        (3, 2): ("服务", 1, 1),
        (3, 3): ("1.00", 1, 1),
    }


def test_a_cell_may_go_down_to_the_end(read: Read) -> None:
    document = read("<table><tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d</table>")
    assert cells(document)[1, 1] == ("a", 3, 1)


@pytest.mark.parametrize(("span", "width"), [(200, 201), (201, 201), (10**9, 201)])
def test_a_cell_covers_two_hundred_columns_at_most(read: Read, span: int, width: int) -> None:
    document = read(f"<table><tr><td colspan={span}>a<td>b<tr><td>c<td>d</table>")
    assert tables(document)[0].column_count == width


@pytest.mark.parametrize(("rows", "is_read"), [(5000, True), (5001, False)])
def test_a_table_of_more_than_a_million_places_is_refused(tmp_path: Path, rows: int, is_read: bool) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html><table>" + "<tr><td colspan=199>a<td>1" * rows + "</table></html>", encoding="utf-8")
    if is_read:
        assert tables(read_document(path))[0].row_count == rows
    else:
        assert rejection(path).code == "too_large"


def test_of_nested_tables_the_innermost_is_the_table(read: Read) -> None:
    inner = "<table><tr><td>编码<td>名称<td>合计<tr><td>201<td><table><tr><td>服务</table><td>1.00</table>"
    document = read(f"<table><tr><td>左栏<td><table><tr><td><p>收入决算表</p>{inner}<p>注：无</p></table><td>右栏</table>")
    assert lines(document) == ["左栏", "收入决算表", "注：无", "右栏"]
    assert [cells(document)[2, c][0] for c in (1, 2, 3)] == ["201", "服务", "1.00"]


def test_a_table_in_a_cell_of_a_table_that_prints_more_is_text_of_that_cell(read: Read) -> None:
    document = read("<table><tr><td>a<td>b<td>c<tr><td>d<td>e<td><table><tr><td>甲<td>1</table></table>")
    assert cells(document)[2, 3] == ("甲 1", 1, 1)


def test_hidden_rows_are_no_rows(read: Read) -> None:
    document = read(
        "<table><tr><td>a<td>b<tr style='display:none'><td>9<td>8<tr><td>1<td>2<tr height=0 style='display:none'><td><td></table>"
    )
    assert tables(document)[0].row_count == 2
    assert cells(document)[2, 1][0] == "1"
    assert "one place" in remarks(document)["hidden_text"]


def test_links_in_a_table_of_data_are_text(read: Read) -> None:
    assert cells(read("<table><tr><td>单位<td>金额<tr><td><a href='/a'>某局</a><td>1.00</table>"))[2, 1][0] == "某局"


# Encodings


@pytest.mark.parametrize(
    ("named", "encoding"),
    [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("", "gb18030"), ("gb2312", "utf-8"), ("big5", "big5"), ("nonsense", "utf-8")],
)
def test_the_encoding_is_found(named: str, encoding: str) -> None:
    text = f"<html><meta charset='{named}'>財政撥款收入"
    assert decode(text.encode(encoding)) == text


def test_the_encoding_of_an_envelope_counts_where_the_page_is_silent() -> None:
    assert decode("財政撥款收入".encode("big5"), "big5") == "財政撥款收入"


def test_bytes_of_no_encoding_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"<html><p>\xff\xff\xff</p></html>")
    assert rejection(path).code == "not_text"


# Files


def test_the_rest_of_a_saved_workbook_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "部门决算.xls"
    path.write_text(
        "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><frameset rows='*,39'>"
        "<frame src='部门决算.files/sheet001.htm' name='frSheet'><frame src='部门决算.files/tabstrip.htm'></frameset></html>",
        encoding="utf-8",
    )
    rejected = rejection(path)
    assert rejected.code == "frames_only"
    assert "部门决算.files/sheet001.htm" in rejected.message


def test_a_workbook_saved_as_one_file_has_a_page_for_each_sheet(tmp_path: Path) -> None:
    def part(location: str, content: str) -> str:
        kind = 'Content-Type: text/html; charset="utf-8"'
        return f"--=_x\r\nContent-Location: file:///C:/{location}\r\n{kind}\r\n\r\n{content}\r\n\r\n"

    path = tmp_path / "a.mht"
    path.write_text(
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="=_x"\r\n\r\n'
        + part("a.htm", "<html><frameset><frame src='a.files/sheet001.htm'></frameset></html>")
        + part("a.files/sheet002.htm", "<html><table><tr><td>乙<td>2.00<tr><td>a<td>b</table></html>")
        + part("a.files/sheet001.htm", "<html><table><tr><td>甲<td>1.00<tr><td>a<td>b</table></html>")
        + part("a.files/tabstrip.htm", "<html><table><tr><td>Sheet1<td>Sheet2</table></html>")
        + "--=_x--\r\n",
        encoding="utf-8",
    )
    document = read_document(path)
    assert [(table.page, table.cells[0].text) for table in tables(document)] == [(1, "甲"), (2, "乙")]
    assert document.media_type == "multipart/related"


@pytest.mark.parametrize("cut", [0.5, 0.9])
def test_an_archive_that_breaks_off_is_refused(tmp_path: Path, cut: float) -> None:
    content = small.archive(small.government_page())
    path = tmp_path / "a.mht"
    path.write_bytes(content[: int(len(content) * cut)])
    assert rejection(path).code == "truncated"


def test_a_page_that_breaks_off_in_a_table_is_refused(tmp_path: Path) -> None:
    text = small.page(small.article())
    path = tmp_path / "a.html"
    path.write_text(text[: text.rindex("</table>")], encoding="utf-8")
    assert rejection(path).code == "truncated"
    path.write_text(text[: text.rindex("</table>") + 8], encoding="utf-8")  # whole tables: the prose may be missing, no figure is
    assert len(tables(read_document(path))) == 2


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("77.00")
    path = tmp_path / "a.xhtml"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]><html><p>甲</p><p>&x;</p></html>',
        encoding="utf-8",
    )
    assert "77.00" not in "".join(lines(read_document(path)))


def test_a_page_with_nothing_but_attachments_names_them(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        small.page(
            "<h1>云岭省澜溪市档案馆2023年度部门决算</h1><p>现予公开。</p><p>附件：<a href='/P0/1.PDF?x=1'>决算说明</a></p>"
            "<p><a href='/P0/2.xls'>云岭省澜溪市档案馆2023年度部门决算表.xls</a></p><p><a href='/down?id=3'>附件三.docx</a></p>"
        ),
        encoding="utf-8",
    )
    with pytest.raises(Rejected) as rejected:
        parse_file(path)
    assert rejected.value.code == "no_forms"
    assert rejected.value.advice == (
        "ingest the files that it links to: 1.PDF (决算说明), 2.xls (云岭省澜溪市档案馆2023年度部门决算表.xls), 附件三.docx"
    )


def test_an_error_page_under_the_name_of_a_pdf_is_still_no_pdf(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_text("<!DOCTYPE html><title>404</title>", encoding="utf-8")
    assert rejection(path).code == "not_a_pdf"
