"""Documents of Word and WPS (.docx)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree

from samples.render.document import Paragraph, Rendering, Section
from samples.render.formats.blocks import blocks_of
from samples.render.formats.settle import STAMP, pack, unpack
from samples.render.forms import chinese_number
from samples.render.grid import Grid, GridCell, Row

_ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
CONTENTS = "目  录"
TWIPS = 9000  # width of a table on a portrait page, in twentieths of a point
WIDE_TWIPS = 13800


@dataclass(frozen=True, slots=True)
class WordStyle:
    """``numbered``: Word counts the headings; ``pasted``: title, head and notes of a form are rows of its table, as after
    pasting from Excel; ``contents``: the table of contents is a field with page numbers."""

    numbered: bool = False
    pasted: bool = False
    contents: bool = False


TYPED = WordStyle(contents=True)
NUMBERED = WordStyle(numbered=True, pasted=True)


def write_docx(rendering: Rendering, style: WordStyle, path: Path) -> None:
    document = Document()
    _base(document, rendering.title)
    numbers = _Numbers(document) if style.numbered else None
    for position, section in enumerate(rendering.sections):
        _start(document, section, position)
        blocks = list(blocks_of(section))
        paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
        if style.contents and paragraphs and paragraphs[0].text == CONTENTS:
            _table_of_contents(document, paragraphs)
        elif style.pasted and section.form:
            _pasted(document, section, blocks)
        else:
            for number, block in enumerate(blocks):
                if number and isinstance(block, Grid) and isinstance(blocks[number - 1], Grid):
                    document.add_paragraph()  # Word joins tables that nothing stands between
                _block(document, block, section, numbers)
    document.save(str(path))
    pack(path, unpack(path))


def _base(document: WordDocument, title: str) -> None:
    when = datetime.datetime.fromisoformat(STAMP.rstrip("Z"))
    properties = document.core_properties
    properties.title, properties.author, properties.created, properties.modified = title, "juesuan samples", when, when
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Heading 4", "Heading 5"):
        look = document.styles[name]
        look.font.name = "仿宋"
        look.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    footer = page.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(footer, "PAGE", "1")


def _start(document: WordDocument, section: Section, position: int) -> None:
    """A page of its own; a section of Word where the page turns."""
    if not position:
        return
    page = document.sections[-1]
    is_wide = page.orientation == WD_ORIENT.LANDSCAPE
    if section.wide != is_wide:
        page = document.add_section(WD_SECTION.NEW_PAGE)
        page.orientation = WD_ORIENT.LANDSCAPE if section.wide else WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = page.page_height, page.page_width
    elif section.new_page:
        document.add_page_break()


def _field(paragraph: WordParagraph, instruction: str, result: str) -> None:
    """A field with its last result."""
    for kind in ("begin", "instruction", "separate", "result", "end"):
        run = paragraph.add_run(result if kind == "result" else "")
        if kind == "instruction":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {instruction} "
            run._r.append(element)
        elif kind != "result":
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._r.append(element)


def _table_of_contents(document: WordDocument, paragraphs: list[Paragraph]) -> None:
    """What Word makes of headings: an entry a paragraph, a tab with dots, the page in a field."""
    _paragraph(document, paragraphs[0], None)
    for number, entry in enumerate(paragraphs[1:], 1):
        target = document.add_paragraph()
        target.paragraph_format.tab_stops.add_tab_stop(Cm(15.5), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        if number == 1:
            for kind in ("begin", "separate"):
                run = target.add_run()
                if kind == "separate":
                    instruction = OxmlElement("w:instrText")
                    instruction.text = ' TOC \\o "1-3" \\h \\z \\u '
                    target.add_run()._r.append(instruction)
                    run = target.add_run()
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
                run._r.append(mark)
        target.paragraph_format.left_indent = Pt(21) if entry.text.startswith(" ") else None
        target.add_run(entry.text.strip() + "\t")
        _field(target, f"PAGEREF _Toc{number:08d} \\h", str(2 + number // 2))
        if number == len(paragraphs) - 1:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), "end")
            target.add_run()._r.append(mark)


def _block(document: WordDocument, block: Paragraph | Grid, section: Section, numbers: _Numbers | None) -> None:
    if isinstance(block, Grid):
        _table(document, block.rows, block, WIDE_TWIPS if section.wide else TWIPS)
    else:
        _paragraph(document, block, None if section.form else numbers)


def _paragraph(document: WordDocument, block: Paragraph, numbers: _Numbers | None) -> None:
    level = block.heading
    target = document.add_paragraph(style=f"Heading {level}" if level else None)
    target.alignment = _ALIGN[block.align]
    if block.left or block.right:
        width = document.sections[-1].page_width or Cm(21)
        target.paragraph_format.tab_stops.add_tab_stop(int(width * 0.4), WD_TAB_ALIGNMENT.CENTER)
        target.paragraph_format.tab_stops.add_tab_stop(int(width * 0.75), WD_TAB_ALIGNMENT.RIGHT)
        target.add_run(f"{block.left}\t{block.text}\t{block.right}").font.size = Pt(block.size)
        return
    text = numbers.counted(target, block) if numbers is not None and block.align == "left" else block.text
    if block.indent:
        target.paragraph_format.first_line_indent = Pt(2 * block.size)
    # Word cuts a paragraph into runs wherever spelling, language or an edit has touched it.
    for run in _runs(text):
        target.add_run(run).font.size = Pt(block.size)


def _runs(text: str) -> Iterator[str]:
    yield from (piece for piece in re.split(r"(?<=[^\x00-\x7f])(?=[\x00-\x7f])|(?<=[\x00-\x7f])(?=[^\x00-\x7f])", text) if piece)


# -- tables ----------------------------------------------------------------------------------------------------


def _pasted(document: WordDocument, section: Section, blocks: list[Paragraph | Grid]) -> None:
    """Everything that stands over and under the grid as rows of one table, without lines around them."""
    grids = [block for block in blocks if isinstance(block, Grid)]
    if len(grids) != 1:
        for block in blocks:
            _block(document, block, section, None)
        return
    grid = grids[0]
    width = len(grid.weights)
    rows: list[tuple[Row, bool]] = []
    for block in blocks:
        if isinstance(block, Grid):
            rows += [(row, True) for row in block.rows]
        elif isinstance(block, Paragraph) and block.heading == 2:
            _paragraph(document, block, None)
        elif block.left or block.right:
            rows.append((_head_row(block, width), False))
        else:
            rows.append(([GridCell(block.text, block.align, width), *[None] * (width - 1)], False))
    table = _table(document, [row for row, _ in rows], grid, WIDE_TWIPS if section.wide else TWIPS)
    for (_, is_ruled), row in zip(rows, table.findall(qn("w:tr")), strict=True):
        if not is_ruled:
            _without_lines(row)


def _head_row(block: Paragraph, width: int) -> Row:
    pieces = [("left", block.left), ("center", block.text), ("right", block.right)]
    spans = [width // 3 or 1, width - 2 * (width // 3 or 1), width // 3 or 1]
    row: Row = []
    for (align, text), span in zip(pieces, spans, strict=True):
        row += [GridCell(text, align, span), *[None] * (span - 1)]
    return row


def _without_lines(row: etree._Element) -> None:
    for cell in row.findall(qn("w:tc")):
        borders = OxmlElement("w:tcBorders")
        for side in ("top", "left", "right"):
            line = OxmlElement(f"w:{side}")
            line.set(qn("w:val"), "nil")
            borders.append(line)
        cell.tcPr.insert(list(cell.tcPr).index(cell.tcPr.find(qn("w:vAlign"))), borders)


def _table(document: WordDocument, rows: list[Row], grid: Grid, twips: int) -> etree._Element:
    """A table of XML elements: the library's own cells are too slow for forms of hundreds of them."""
    table = OxmlElement("w:tbl")
    properties = etree.SubElement(table, qn("w:tblPr"))
    etree.SubElement(properties, qn("w:tblW"), {qn("w:w"): str(twips), qn("w:type"): "dxa"})
    borders = etree.SubElement(properties, qn("w:tblBorders"))
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        etree.SubElement(borders, qn(f"w:{side}"), {qn("w:val"): "single", qn("w:sz"): "4", qn("w:color"): "000000"})
    etree.SubElement(properties, qn("w:tblLayout"), {qn("w:type"): "fixed"})
    whole = sum(grid.weights)
    widths = [round(twips * weight / whole) for weight in grid.weights]
    columns = etree.SubElement(table, qn("w:tblGrid"))
    for width in widths:
        etree.SubElement(columns, qn("w:gridCol"), {qn("w:w"): str(width)})
    # A cell that is merged downwards stands in each of its rows, empty but in the first.
    continued: dict[tuple[int, int], GridCell] = {}
    for y, row in enumerate(rows):
        element = etree.SubElement(table, qn("w:tr"))
        for x, cell in enumerate(row):
            kept = continued.get((y, x))
            if cell is not None:
                for below in range(1, cell.row_span):
                    continued[y + below, x] = cell
                element.append(_cell(cell, widths[x : x + cell.column_span], "restart" if cell.row_span > 1 else ""))
            elif kept is not None:
                element.append(_cell(kept, widths[x : x + kept.column_span], "continue"))
    document.element.body.sectPr.addprevious(table)
    return table


def _cell(cell: GridCell, widths: list[int], merged: str) -> etree._Element:
    element = OxmlElement("w:tc")
    properties = etree.SubElement(element, qn("w:tcPr"))
    etree.SubElement(properties, qn("w:tcW"), {qn("w:w"): str(sum(widths)), qn("w:type"): "dxa"})
    if cell.column_span > 1:
        etree.SubElement(properties, qn("w:gridSpan"), {qn("w:val"): str(cell.column_span)})
    if merged:
        etree.SubElement(properties, qn("w:vMerge"), {qn("w:val"): merged} if merged == "restart" else {})
    etree.SubElement(properties, qn("w:vAlign"), {qn("w:val"): "center"})
    for text in cell.text.split("\n") if merged != "continue" else [""]:
        paragraph = etree.SubElement(element, qn("w:p"))
        look = etree.SubElement(paragraph, qn("w:pPr"))
        etree.SubElement(look, qn("w:jc"), {qn("w:val"): cell.align})
        if text:
            run = etree.SubElement(paragraph, qn("w:r"))
            size = etree.SubElement(run, qn("w:rPr"))
            etree.SubElement(size, qn("w:sz"), {qn("w:val"): "17"})
            content = etree.SubElement(run, qn("w:t"), {qn("xml:space"): "preserve"})
            content.text = text
    return element


# -- numbers that Word counts ----------------------------------------------------------------------------------

_CHINESE = "一二三四五六七八九十"
# Format, text and pattern of each level: 一、 （一） 1. （1）
_LEVELS = (
    ("chineseCountingThousand", "%1、", re.compile(rf"([{_CHINESE}]+)、")),
    ("chineseCountingThousand", "（%2）", re.compile(rf"（([{_CHINESE}]+)）")),
    ("decimal", "%3.", re.compile(r"(\d+)\.(?!\d)")),
    ("decimal", "（%4）", re.compile(r"（(\d+)）")),
)


@dataclass(slots=True)
class _Numbers:
    """Takes a number out of the text where Word's counting gives the same one, and starts a new list where it is one again."""

    document: WordDocument
    counts: list[int] = field(default_factory=lambda: [0] * len(_LEVELS))
    number: int = 0
    part: etree._Element = field(init=False)

    def __post_init__(self) -> None:
        self.part = self.document.part.numbering_part.element
        for old in list(self.part):
            self.part.remove(old)
        abstract = etree.SubElement(self.part, qn("w:abstractNum"), {qn("w:abstractNumId"): "0"})
        etree.SubElement(abstract, qn("w:multiLevelType"), {qn("w:val"): "multilevel"})
        for level, (kind, text, _) in enumerate(_LEVELS):
            element = etree.SubElement(abstract, qn("w:lvl"), {qn("w:ilvl"): str(level)})
            etree.SubElement(element, qn("w:start"), {qn("w:val"): "1"})
            etree.SubElement(element, qn("w:numFmt"), {qn("w:val"): kind})
            etree.SubElement(element, qn("w:suff"), {qn("w:val"): "nothing"})
            etree.SubElement(element, qn("w:lvlText"), {qn("w:val"): text})
            etree.SubElement(element, qn("w:lvlJc"), {qn("w:val"): "left"})

    def counted(self, target: WordParagraph, block: Paragraph) -> str:
        """The text that is left when Word counts the number before it."""
        for level, (kind, _, pattern) in enumerate(_LEVELS):
            found = pattern.match(block.text)
            if not found:
                continue
            expected = self.counts[level] + 1
            starts = level == 0 and found.group(1) == "一"
            wanted = 1 if starts else expected
            shown = str(wanted) if kind == "decimal" else chinese_number(wanted)
            if shown != found.group(1) or (not starts and not self.number):
                return block.text
            if starts:
                self._new_list()
            self.counts[level] = wanted
            self.counts[level + 1 :] = [0] * (len(_LEVELS) - level - 1)
            properties = target._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = level
            properties.get_or_add_numId().val = self.number
            return block.text[found.end() :]
        return block.text

    def _new_list(self) -> None:
        self.number += 1
        element = etree.SubElement(self.part, qn("w:num"), {qn("w:numId"): str(self.number)})
        etree.SubElement(element, qn("w:abstractNumId"), {qn("w:val"): "0"})
        for level in range(len(_LEVELS)):
            override = etree.SubElement(element, qn("w:lvlOverride"), {qn("w:ilvl"): str(level)})
            etree.SubElement(override, qn("w:startOverride"), {qn("w:val"): "1"})
