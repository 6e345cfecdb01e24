"""A small final account of a department that does not exist, and writers of it as the office programs and web sites do."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from ingest.parsed import ParsedDocument

NAME = "云岭省澜溪市档案馆"


@dataclass(frozen=True)
class Grid:
    """Rows of cells: text, rows and columns that it covers."""

    rows: tuple[tuple[tuple[str, int, int], ...], ...]


def _row(*texts: str) -> tuple[tuple[str, int, int], ...]:
    return tuple((text, 1, 1) for text in texts)


INCOME = Grid(
    (
        (("项目", 1, 4), ("本年收入合计", 3, 1), ("财政拨款收入", 3, 1), ("其他收入", 3, 1)),
        (("支出功能分类科目编码", 1, 3), ("科目名称", 2, 1)),
        _row("类", "款", "项"),
        (("合计", 1, 4), ("321.50", 1, 1), ("320.00", 1, 1), ("1.50", 1, 1)),
        _row("201", "", "", "一般公共服务支出", "321.50", "320.00", "1.50"),
        _row("201", "26", "", "档案事务", "321.50", "320.00", "1.50"),
        _row("201", "26", "01", "行政运行", "201.50", "200.00", "1.50"),
        _row("201", "26", "04", "档案馆", "120.00", "120.00", ""),
    )
)
EXPENDITURE = Grid(
    (
        (("项目", 1, 4), ("本年支出合计", 3, 1), ("基本支出", 3, 1), ("项目支出", 3, 1)),
        (("支出功能分类科目编码", 1, 3), ("科目名称", 2, 1)),
        _row("类", "款", "项"),
        (("合计", 1, 4), ("318.25", 1, 1), ("198.25", 1, 1), ("120.00", 1, 1)),
        _row("201", "", "", "一般公共服务支出", "318.25", "198.25", "120.00"),
        _row("201", "26", "", "档案事务", "318.25", "198.25", "120.00"),
        _row("201", "26", "01", "行政运行", "198.25", "198.25", ""),
        _row("201", "26", "04", "档案馆", "120.00", "", "120.00"),
    )
)
COVER = (NAME, "2023年度部门决算", "本资料为模拟数据，机构与金额均为虚构")
CONTENTS = ("目录", "一、收入决算表", "二、支出决算表")
FORMS: tuple[tuple[str, Grid], ...] = (("收入决算表", INCOME), ("支出决算表", EXPENDITURE))
PROSE = (
    "第三部分 2023年度部门决算情况说明",
    "一、收入决算情况说明",
    "2023年度收入合计321.50万元，与2022年度相比增加21.50万元，增长7.17%。其中：财政拨款收入320.00万元，占本年收入99.53%。",
    "二、支出决算情况说明",
    "2023年度支出合计318.25万元。其中：基本支出198.25万元，占本年支出62.29%；项目支出120.00万元，占本年支出37.71%。",
)

# What every writing of it must give.
AMOUNTS = {
    (form, code, column): Decimal(text)
    for form, rows in {
        "income": {
            "": {"total": "321.50", "appropriation": "320.00", "other_income": "1.50"},
            "201": {"total": "321.50", "appropriation": "320.00", "other_income": "1.50"},
            "20126": {"total": "321.50", "appropriation": "320.00", "other_income": "1.50"},
            "2012601": {"total": "201.50", "appropriation": "200.00", "other_income": "1.50"},
            "2012604": {"total": "120.00", "appropriation": "120.00"},
        },
        "expenditure": {
            "": {"total": "318.25", "basic": "198.25", "project": "120.00"},
            "201": {"total": "318.25", "basic": "198.25", "project": "120.00"},
            "20126": {"total": "318.25", "basic": "198.25", "project": "120.00"},
            "2012601": {"total": "198.25", "basic": "198.25"},
            "2012604": {"total": "120.00", "project": "120.00"},
        },
    }.items()
    for code, columns in rows.items()
    for column, text in columns.items()
}
INCOME_SECTION = "第三部分2023年度部门决算情况说明 / 一、收入决算情况说明"
EXPENDITURE_SECTION = "第三部分2023年度部门决算情况说明 / 二、支出决算情况说明"
CLAIMS = {
    (INCOME_SECTION, "amount", Decimal("321.50"), None),
    (INCOME_SECTION, "change", Decimal("321.50"), Decimal("7.17")),
    (INCOME_SECTION, "amount", Decimal("320.00"), None),
    (INCOME_SECTION, "share", Decimal("320.00"), Decimal("99.53")),
    (EXPENDITURE_SECTION, "amount", Decimal("318.25"), None),
    (EXPENDITURE_SECTION, "amount", Decimal("198.25"), None),
    (EXPENDITURE_SECTION, "share", Decimal("198.25"), Decimal("62.29")),
    (EXPENDITURE_SECTION, "amount", Decimal("120.00"), None),
    (EXPENDITURE_SECTION, "share", Decimal("120.00"), Decimal("37.71")),
}


def amounts(parsed: ParsedDocument) -> dict[tuple[str, str, str], Decimal]:
    """The amounts by form, code (empty on 合计) and column."""
    return {(a.form_code, a.row_code or "", a.column_code): a.printed_value for a in parsed.amounts}


def claims(parsed: ParsedDocument) -> set[tuple[str, str, Decimal | None, Decimal | None]]:
    """The claims: where they stand, what kind they are, and their figure."""
    sections = {s.sentence_order: s.section for s in parsed.sentences}
    return {
        (sections[c.sentence_order], c.claim_kind, c.printed_value, c.printed_percent)
        for c in parsed.claims
        if c.printed_value is not None or c.printed_percent is not None
    }


# Word


def word(path: Path, *, automatic: bool = False, framed: bool = False) -> Path:
    """The disclosure as a Word file. ``automatic`` leaves the numbers of headings to Word; ``framed`` sets heads in tables."""
    document = docx.Document()
    for text in COVER:
        document.add_paragraph(text)
    page_break(document)
    for text in CONTENTS:
        document.add_paragraph(text)
    for title, grid in FORMS:
        page_break(document)
        document.add_paragraph(title)
        if framed:
            word_table(document, Grid((_row(f"部门：{NAME}", "", "单位：万元"),)))
            document.add_paragraph()
        else:
            document.add_paragraph(f"部门：{NAME}\t单位：万元")
        word_table(document, grid)
    page_break(document)
    numbers = [chinese_list(document, [("chineseCounting", "%1、")])] if automatic else []
    for text in PROSE:
        numbered = re.match(r"[一二]、", text) if numbers else None
        paragraph = document.add_paragraph(text[numbered.end() :] if numbered else text)
        if numbered:
            in_list(paragraph, numbers[0])
    document.save(str(path))
    return path


def page_break(document: WordDocument) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def word_table(document: WordDocument, grid: Grid) -> Table:
    """A table with merged cells."""
    width = sum(columns for _, _, columns in grid.rows[0])
    table = document.add_table(len(grid.rows), width, style="Table Grid")
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(grid.rows):
        x = 0
        for text, rows, columns in row:
            while (y, x) in taken:
                x += 1
            taken.update((y + r, x + c) for r in range(rows) for c in range(columns))
            cell = table.cell(y, x)
            if rows > 1 or columns > 1:
                cell = cell.merge(table.cell(y + rows - 1, x + columns - 1))
            cell.text = text
            x += columns
    return table


def chinese_list(document: WordDocument, levels: Sequence[tuple[str, str]], key: int = 90) -> int:
    """A list definition with a format and a text for each level; the number by which paragraphs refer to it."""
    numbering = document.part.numbering_part.element
    body = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for index, (number_format, text) in enumerate(levels)
    )
    definition = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{key}">{body}</w:abstractNum>')
    numbering.insert(0, definition)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>'))
    return key


def in_list(paragraph: Paragraph, number: int, level: int = 0) -> Paragraph:
    """Number a paragraph."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    for tag, value in (("w:ilvl", level), ("w:numId", number)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), str(value))
        properties.append(element)
    return paragraph


# Web pages


def html_table(grid: Grid, attributes: str = "") -> str:
    rows = "\n".join(
        "<tr>"
        + "".join(
            f"<td{f' rowspan={r}' if r > 1 else ''}{f' colspan={c}' if c > 1 else ''}>{html.escape(text) or '&nbsp;'}</td>"
            for text, r, c in row
        )
        + "</tr>"
        for row in grid.rows
    )
    return f"<table {attributes}>\n{rows}\n</table>"


def article(paragraph: str = "<p>{}</p>", table: str = "{}") -> str:
    """The content of a page, its paragraphs and tables in the frames given."""
    parts = [paragraph.format(text) for text in (*COVER, *CONTENTS)]
    for title, grid in FORMS:
        parts.append(paragraph.format(title))
        parts.append(paragraph.format(f"部门：{NAME}&nbsp;&nbsp;&nbsp;&nbsp;单位：万元"))
        parts.append(table.format(html_table(grid, "border=1")))
    parts += [paragraph.format(text) for text in PROSE]
    return "\n".join(parts)


def page(body: str, charset: str = "utf-8", head: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">{head}'
        f"<title>政府信息公开</title></head>\n<body>{body}</body></html>\n"
    )


def government_page(charset: str = "utf-8") -> str:
    """A site that arranges everything in tables in tables, with its navigation around the article."""
    navigation = (
        "<tr><td><a href='/a'>首页</a></td><td><a href='/b'>政务公开</a></td><td><a href='/c'>2022年度部门决算</a></td></tr>"
    )
    where = "<p>您的位置：<a href='/'>首页</a> &gt; <a href='/cw'>财政信息</a></p>"
    inner = article("<div>{}</div>", "<table width=100%><tr><td>{}</td></tr></table>")
    return page(
        f"<script>var total = '999.99';</script><table width=980>{navigation}</table>{where}"
        f"<table><tr><td width=20></td><td><table cellpadding=0><tr><td>{inner}</td></tr></table></td><td></td></tr>"
        "<tr><td colspan=3>版权所有</td></tr></table>",
        charset,
    )


def word_page() -> str:
    """As Word saves a web page: conditional comments, marks of lists, a span for everything."""
    text = article('<p class=MsoNormal><span lang=ZH-CN style="font-family:宋体">{}<o:p></o:p></span></p>')
    for number, name in (("一、", "收入决算情况"), ("二、", "支出决算情况")):
        mark = f"<![if !supportLists]><span style='mso-list:Ignore'>{number}<span>&nbsp;</span></span><![endif]>"
        text = text.replace(f">{number}{name}", f">{mark}{name}")
    head = "<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--><style>p.x{margin:0}</style>"
    return page(f"<div class=WordSection1>{text}</div>", head=head)


def archive(text: str, encoding: str = "quoted-printable", charset: str = "utf-8") -> bytes:
    """A web page with a picture as one file."""
    message = EmailMessage()
    message["From"] = "<Saved by a browser>"
    message["Subject"] = "page"
    message.set_content(text, subtype="html", charset=charset, cte=encoding)
    message.add_related(b"\x89PNG\r\n\x1a\n", "image", "png", cid="<picture>")
    return message.as_bytes()
