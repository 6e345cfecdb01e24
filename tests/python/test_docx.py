"""Word files as Word prints them, oddity by oddity."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.document import Document, Line, Table
from ingest.parsed import Rejected
from ingest.readers import read_document
from ingest.readers.list_numbers import format_number
from tests.python import small_disclosure as small

W = nsdecls("w")
WPS = (
    f"{W} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
    " xmlns:wps='http://schemas.microsoft.com/office/word/2010/wordprocessingShape' xmlns:v='urn:schemas-microsoft-com:vml'"
    " xmlns:o='urn:schemas-microsoft-com:office:office' xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'"
)
PAGE = "<w:r><w:br w:type='page'/></w:r>"
RENDERED = "<w:lastRenderedPageBreak/>"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def texts(*words: str) -> str:
    return "".join(tc(p(run(word))) for word in words)


def table(*rows: str) -> str:
    return "<w:tbl><w:tblPr/><w:tblGrid/>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def write(path: Path, *body: str, numbering: Sequence[tuple[str, str]] = ()) -> Path:
    """A Word file with the elements given in its body, and one list (number 90) where there are levels."""
    document = docx.Document()
    if numbering:
        small.chinese_list(document, numbering)
    end = document.element.body.sectPr
    for xml in body:
        for element in parse_xml(f"<w:body {WPS}>{xml}</w:body>"):
            end.addprevious(element)
    document.save(str(path))
    return path


Read = Callable[..., Document]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(*body: str, numbering: Sequence[tuple[str, str]] = ()) -> Document:
        return read_document(write(tmp_path / "a.docx", *body, numbering=numbering))

    return read


def lines(document: Document) -> list[str]:
    return [line.text for page in document.pages for line in page.lines]


def only_table(document: Document) -> Table:
    (found,) = [t for page in document.pages for t in page.tables]
    return found


def cells(document: Document) -> dict[tuple[int, int], tuple[str, int, int]]:
    return {(c.row, c.column): (c.text, c.row_span, c.column_span) for c in only_table(document).cells}


def remarks(document: Document) -> dict[str, str]:
    return {remark.kind: remark.message for remark in document.remarks}


# Text


def test_a_paragraph_is_a_line_and_a_line_end_in_it_begins_another(read: Read) -> None:
    document = read(p(run("某市") + "<w:r><w:br/></w:r>" + run("档案馆")), p(""), p(run("目录")))
    found = [(b.number, b.text, b.is_paragraph) for b in document.pages[0].blocks if isinstance(b, Line)]
    assert found == [(1, "某市", False), (2, "档案馆", True), (3, "目录", True)]


def test_what_tracked_changes_delete_is_not_printed_and_what_they_insert_is(read: Read) -> None:
    document = read(
        p(
            run("支出")
            + "<w:del><w:r><w:delText>100.00</w:delText></w:r></w:del><w:ins>"
            + run("120.00")
            + "</w:ins>"
            + run("万元")
        ),
        p(run("甲"), "<w:rPr><w:del/></w:rPr>"),
        p(run("乙")),
    )
    assert lines(document) == ["支出120.00万元", "甲乙"]
    last = p(run("丙"), "<w:rPr><w:del/></w:rPr>")
    document = read(table(texts("a", "b"), tc(last) + texts("1")), last)
    assert cells(document)[2, 1][0] == "丙"
    assert cells(document)[2, 2][0] == "1"
    assert lines(document) == ["丙"]
    document = read(
        p(run("支出") + "<w:del><w:r><w:delText>1.00</w:delText></w:r></w:del><w:ins>" + run("2.00") + "</w:ins>"),
    )
    assert "as if they were accepted" in remarks(document)["tracked_changes"]


def test_hidden_text_is_not_printed_but_remarked_on(read: Read) -> None:
    document = read(
        p(run("合计") + run("77.00", "<w:vanish/>") + run("88.00", "<w:vanish w:val='0'/>") + run("元", "<w:webHidden/>")),
    )
    assert lines(document) == ["合计88.00元"]
    assert "77.00" in remarks(document)["hidden_text"]


def test_a_hidden_row_is_no_row(read: Read) -> None:
    hidden = "<w:trPr><w:hidden/></w:trPr>" + texts("1", "2")
    document = read(table(texts("a", "b"), hidden, texts("c", "d")))
    assert [cells(document)[key][0] for key in ((1, 1), (2, 1))] == ["a", "c"]
    assert "'1 2'" in remarks(document)["hidden_text"]


def test_a_field_prints_its_result_and_not_its_instruction(read: Read) -> None:
    def mark(kind: str) -> str:
        return f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>"

    def instruction(text: str) -> str:
        return f"<w:r><w:instrText>{text}</w:instrText></w:r>"

    nested = mark("begin") + instruction("IF ") + mark("begin") + instruction("PAGE") + mark("separate") + run("7") + mark("end")
    document = read(
        p(run("共") + nested + mark("separate") + run("12") + mark("end") + run("万元")),
        p(run("见") + "<w:fldSimple w:instr=' REF a '>" + run("附表") + "</w:fldSimple>"),
    )
    assert lines(document) == ["共12万元", "见附表"]


def test_a_field_that_never_ends_is_refused_since_the_text_after_it_would_be_lost(read: Read) -> None:
    with pytest.raises(Rejected) as rejected:
        read(p("<w:r><w:fldChar w:fldCharType='begin'/></w:r>" + run("120.00")))
    assert rejected.value.code == "damaged"


def test_a_text_box_is_read_once_before_the_paragraph_that_holds_it(read: Read) -> None:
    box = f"<w:txbxContent>{p(run('单位：万元'))}</w:txbxContent>"
    both = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><wps:txbx>{box}</wps:txbx></wp:anchor></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert lines(read(p(f"<w:r>{both}</w:r>" + run("收入决算表")))) == ["单位：万元", "收入决算表"]
    older = f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>"
    assert lines(read(p(older))) == ["单位：万元"]


def test_word_art_prints_its_text(read: Read) -> None:
    assert lines(read(p("<w:r><w:pict><v:shape><v:textpath string='某市档案馆'/></v:shape></w:pict></w:r>"))) == ["某市档案馆"]


def test_a_tab_that_leads_to_a_page_number_prints_dots(read: Read) -> None:
    stops = "<w:tabs><w:tab w:val='right' w:leader='dot' w:pos='8000'/></w:tabs>"
    document = read(
        p(run("一、收入决算表") + "<w:r><w:tab/></w:r>" + run("5"), stops), p(run("a") + "<w:r><w:tab/></w:r>" + run("b"))
    )
    assert lines(document) == ["一、收入决算表……5", "a\tb"]


def test_boxes_and_ticks_are_signs(read: Read) -> None:
    document = read(
        p(
            "<w:r><w:sym w:font='Wingdings 2' w:char='F052'/></w:r>"
            + run("优")
            + run("£", "<w:rFonts w:ascii='Wingdings 2'/>")
            + run("良")
        ),
        p(
            "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>"
            "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>" + run("中")
        ),
    )
    assert lines(document) == ["☑优□良", "☒中"]


def test_an_embedded_file_in_place_of_text_is_refused(read: Read) -> None:
    with pytest.raises(Rejected) as rejected:
        read(p(run("a")), "<w:altChunk/>")
    assert rejected.value.code == "embedded_document"


def test_an_embedded_workbook_is_remarked_on(read: Read) -> None:
    document = read(p("<w:r><w:object><o:OLEObject ProgID='Excel.Sheet.12'/></w:object></w:r>" + run("表一")))
    assert "embedded_workbook" in remarks(document)


# Lists


def test_automatic_numbers_are_printed_as_word_prints_them(read: Read) -> None:
    levels = [("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3."), ("decimal", "%3.%4")]

    def item(text: str, level: int) -> str:
        return p(run(text), f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='90'/></w:numPr>")

    document = read(
        *[item(*x) for x in [("收入", 0), ("财政", 1), ("其他", 1), ("甲", 2), ("乙", 2), ("丙", 3), ("支出", 0), ("基本", 1)]],
        p(run("无"), "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='0'/></w:numPr>"),
        numbering=levels,
    )
    assert [line.replace(" ", "") for line in lines(document)] == [
        "一、收入",
        "（一）财政",
        "（二）其他",
        "1.甲",
        "2.乙",
        "2.1丙",
        "二、支出",
        "（一）基本",
        "无",
    ]


def test_a_list_numbered_in_a_way_that_is_not_known_is_remarked_on(read: Read) -> None:
    numbered = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='90'/></w:numPr>"
    document = read(p(run("收入"), numbered), numbering=[("hebrew1", "%1.")])
    assert lines(document) == ["收入"]
    assert "1 automatic numbers are not read: their format 'hebrew1'" in remarks(document)["list_number_unknown"]


@pytest.mark.parametrize(
    ("number", "number_format", "printed"),
    [
        (1, "chineseCounting", "一"),
        (10, "chineseCountingThousand", "十"),
        (11, "japaneseCounting", "十一"),
        (20, "chineseCounting", "二十"),
        (99, "chineseCounting", "九十九"),
        (100, "chineseCounting", None),  # programs differ
        (0, "chineseCounting", None),
        (10, "chineseLegalSimplified", "壹拾"),
        (20, "decimalEnclosedCircle", "⑳"),
        (21, "decimalEnclosedCircleChinese", "㉑"),
        (51, "decimalEnclosedCircle", None),
        (12, "decimalFullWidth", "１２"),
        (3, "ideographTraditional", "丙"),
        (14, "upperRoman", "XIV"),
        (27, "lowerLetter", "aa"),
        (10, "ideographDigital", "一〇"),
        (7, "hebrew1", None),
    ],
)
def test_numbers_of_lists(number: int, number_format: str, printed: str | None) -> None:
    assert format_number(number, number_format) == printed


# Tables


def test_merged_cells_are_one_cell(read: Read) -> None:
    down, on = "<w:vMerge w:val='restart'/>", "<w:vMerge/>"
    document = read(
        table(
            tc(p(run("项目")), "<w:gridSpan w:val='2'/>") + tc(p(run("合计")), down),
            texts("编码", "名称") + tc(p(""), on),
            texts("201", "服务", "1.00"),
        )
    )
    assert cells(document) == {
        (1, 1): ("项目", 1, 2),
        (1, 3): ("合计", 2, 1),
        (2, 1): ("编码", 1, 1),
        (2, 2): ("名称", 1, 1),
        (3, 1): ("201", 1, 1),
        (3, 2): ("服务", 1, 1),
        (3, 3): ("1.00", 1, 1),
    }
    assert only_table(document).has_spans


def test_cells_merged_in_the_old_way_and_rows_that_begin_further_right(read: Read) -> None:
    document = read(
        table(
            tc(p(run("项目")), "<w:hMerge w:val='restart'/>") + tc(p(""), "<w:hMerge/>") + texts("合计"),
            "<w:trPr><w:gridBefore w:val='1'/></w:trPr>" + texts("名称", "1.00"),
        )
    )
    assert cells(document) == {
        (1, 1): ("项目", 1, 2),
        (1, 3): ("合计", 1, 1),
        (2, 1): ("", 1, 1),
        (2, 2): ("名称", 1, 1),
        (2, 3): ("1.00", 1, 1),
    }


def test_empty_rows_at_the_end_are_no_rows(read: Read) -> None:
    document = read(table(texts("a", "b"), texts("", ""), texts("1", "2"), texts("", ""), texts("", "")))
    assert only_table(document).row_count == 3
    assert only_table(document).row_numbers == (1, 2, 3)


def test_a_row_that_tracked_changes_delete_is_no_row(read: Read) -> None:
    document = read(table(texts("a", "b"), "<w:trPr><w:del/></w:trPr>" + texts("x", "y"), texts("1", "2")))
    assert only_table(document).row_count == 2


def test_a_table_around_a_table_only_arranges_it(read: Read) -> None:
    inner = table(texts("编码", "名称", "合计"), texts("201", "服务", "1.00"))
    document = read(table(tc(p(run("收入决算表"))) + tc(inner + p("")), tc(p(run("注：无"))) + tc(p(""))))
    assert lines(document) == ["收入决算表", "注：无"]
    assert (only_table(document).row_count, only_table(document).column_count) == (2, 3)


def test_a_table_in_a_cell_of_a_table_that_prints_more_is_text_of_that_cell(read: Read) -> None:
    inner = table(texts("甲", "1"), texts("乙", "2"))
    document = read(table(texts("a", "b", "c"), texts("d", "e", "f"), texts("g", "h") + tc(inner + p(""))))
    assert cells(document)[3, 3] == ("甲 1\n乙 2", 1, 1)


def test_a_frame_of_one_cell_around_prose_is_no_table(read: Read) -> None:
    assert lines(read(table(tc(p(run("一、收入")) + p(run("收入合计1.00元。")))))) == ["一、收入", "收入合计1.00元。"]


# Pages


def pages_of(document: Document) -> dict[str, int]:
    return {line.text: line.page for page in document.pages for line in page.lines}


def test_pages_are_counted_by_the_breaks_of_the_author(read: Read) -> None:
    section = "<w:sectPr><w:type w:val='{}'/></w:sectPr>"
    document = read(
        p(run("a") + PAGE),
        p(run("b")),
        p(run("c"), "<w:pageBreakBefore/>"),
        p(run("d"), section.format("nextPage")),
        p(run("e"), section.format("continuous")),  # says how the section that it ends began
        p(run("f")),
    )
    assert pages_of(document) == {"a": 1, "b": 2, "c": 3, "d": 3, "e": 3, "f": 4}
    assert [page.number for page in document.pages] == [1, 2, 3, 4]


def test_pages_that_word_noted_are_counted_once_with_those_of_the_author(read: Read) -> None:
    document = read(
        p(run("a") + PAGE),
        p(f"<w:r>{RENDERED}<w:t>b</w:t></w:r>"),
        p(run("c") + f"<w:r>{RENDERED}<w:t>目录</w:t></w:r>"),
        p(run("d")),
        p(f"<w:r>{RENDERED}<w:t>e</w:t></w:r>", "<w:pageBreakBefore/>"),
    )
    assert pages_of(document) == {"a": 1, "b": 2, "c目录": 2, "d": 3, "e": 4}


def test_a_table_over_pages_is_one_table_on_the_page_where_it_begins(read: Read) -> None:
    broken = tc(p(f"<w:r>{RENDERED}<w:t>x</w:t></w:r>"))
    document = read(
        p(run("a")),
        table(broken + broken, texts("1", "2"), broken + texts("3"), texts("4", "5")),
        p(run("b")),
    )
    assert [(t.page, t.row_count) for page in document.pages for t in page.tables] == [(2, 4)]
    assert pages_of(document) == {"a": 1, "b": 3}


@pytest.mark.parametrize(("breaks", "is_read"), [(1999, True), (2000, False)])
def test_more_than_two_thousand_pages_are_refused(tmp_path: Path, breaks: int, is_read: bool) -> None:
    path = write(tmp_path / "a.docx", p(run("a") + PAGE * breaks + run("b")))
    if is_read:
        assert len(read_document(path).pages) == 2000
    else:
        with pytest.raises(Rejected) as rejected:
            read_document(path)
        assert rejected.value.code == "too_large"


# Files


def test_files_with_macros_and_templates_are_read_like_others(tmp_path: Path) -> None:
    sound = write(tmp_path / "a.docx", p(run("收入决算表")))
    plain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    for suffix, kind in {
        ".docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
        ".dotx": "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    }.items():
        other = tmp_path / f"a{suffix}"
        with zipfile.ZipFile(sound) as old, zipfile.ZipFile(other, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name).replace(plain.encode(), kind.encode()))
            new.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0macro")
        assert lines(read_document(other)) == ["收入决算表"]


def test_a_word_file_under_another_name_is_known_by_its_content(tmp_path: Path) -> None:
    assert lines(read_document(write(tmp_path / "a.doc", p(run("收入决算表"))))) == ["收入决算表"]


def test_strict_files_are_read(tmp_path: Path) -> None:
    sound = write(tmp_path / "a.docx", p(run("收入决算表")))
    strict = tmp_path / "strict.docx"
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            content = content.replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            ).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships/",
            )
            new.writestr(name, content)
    assert lines(read_document(strict)) == ["收入决算表"]


def test_a_file_of_pictures_asks_for_recognition(read: Read) -> None:
    picture = "<a:blip xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'/>"
    with pytest.raises(Rejected) as rejected:
        read(p(f"<w:r><w:drawing><wp:inline>{picture}</wp:inline></w:drawing></w:r>"))
    assert rejected.value.code == "no_text_layer"


def test_a_file_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.docx", p(run("收入决算表")))
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(Rejected) as rejected:
        read_document(path)
    assert rejected.value.code == "truncated"


def test_text_that_is_no_xml_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w:document")
    with pytest.raises(Rejected) as rejected:
        read_document(path)
    assert rejected.value.code == "damaged"
