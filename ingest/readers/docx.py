"""Word files (.docx, .docm, .dotx, .dotm) as Word prints them. Macros are never looked at.

The file knows paragraphs, not pages. Pages are counted by the breaks that its author set and by those that Word noted when it
last printed or saved it; a file that another program wrote has only the first. A table is counted to the page on which it
begins, as Word keeps it in one piece however many pages it fills.

Not part of the text: headers and footers, footnotes, comments, marks of bullets, what tracked changes delete, and hidden text,
which is remarked on. Names of elements are compared without their namespace: strict and transitional files have different ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, join, normpath

from lxml import etree

from ingest.document import Document, Remark
from ingest.parsed import Rejected
from ingest.readers.container import Container, open_container
from ingest.readers.docx_styles import Numbering, Style, Styles, attribute, child, children, is_on, name_of, value
from ingest.readers.flow import Block, Break, FlowCell, FlowTable, Hidden, Text, compose
from ingest.readers.placing import MAX_SPAN

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SAVE_ANEW = "open it in Word or WPS and save it anew"
LEADERS = "……"  # what a tab prints that leads to a page number
_OFFICE_DOCUMENT = "/officeDocument"
_WHITE_SPACE = re.compile(r"[\t\r\n]+")
_CONTENTS = re.compile(r"toc\s*\d", re.IGNORECASE)
_WINGDINGS = {
    "wingdings": {0x6E: "■", 0x6F: "□", 0xA8: "□", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"},
    "wingdings 2": {0x50: "✓", 0x4F: "✗", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□", 0x30: "□"},
}
_TEXT_BOX = "txbxContent"


def read_docx(path: Path, *, has_rendered_pages: bool = True) -> Document:
    """Read a Word file into the neutral document.

    ``has_rendered_pages`` tells whether noted page breaks are those of the program that its author used. Raises
    :class:`Rejected` when the file is damaged, encrypted, or holds pictures only.
    """
    with open_container(path) as container:
        part = _main_part(container)
        related = _relationships(container, part)
        styles = Styles.of(_root(container, related, "styles"))
        numbering = Numbering.of(_root(container, related, "numbering"), styles)
        root = container.xml(part)
    body = child(root, "body")
    if body is None:
        raise Rejected("damaged", f"{part} has no body", SAVE_ANEW)
    reader = _Body(styles, numbering, _section_starts(body), has_rendered_pages)
    blocks = reader.blocks(body)
    reader.require_closed_fields()
    document = compose(blocks, MEDIA_TYPE, reader.remarks())
    if not any(page.blocks for page in document.pages):
        if reader.pictures:
            raise Rejected(
                "no_text_layer",
                f"it holds {reader.pictures} pictures and no text",
                "run OCR and ingest its text output, or obtain the original file",
            )
        raise Rejected("empty_file", "the file holds no text", "check the file, or obtain the original")
    return document


def _main_part(container: Container) -> str:
    """The name of the part that holds the text."""
    for kind, target in _relations(container, "_rels/.rels", ""):
        if kind.endswith(_OFFICE_DOCUMENT):
            return target
    return "word/document.xml"


def _relationships(container: Container, part: str) -> dict[str, str]:
    """The parts that a part refers to, by the last word of their kind."""
    name = join(dirname(part), "_rels", f"{part.rpartition('/')[2]}.rels")
    return {kind.rpartition("/")[2]: target for kind, target in _relations(container, name, dirname(part))}


def _relations(container: Container, name: str, folder: str) -> Iterator[tuple[str, str]]:
    if name not in container:
        return
    for relation in container.xml(name):
        if relation.get("TargetMode") != "External":
            target = relation.get("Target", "")
            yield relation.get("Type", ""), target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))


def _root(container: Container, related: dict[str, str], kind: str) -> etree._Element | None:
    name = related.get(kind)
    return container.xml(name) if name is not None and name in container else None


def _section_starts(body: etree._Element) -> list[bool]:
    """For each section, whether it begins on a new page. A section says at its end how it began."""
    sections = [element for element in body.iter("{*}sectPr") if name_of(element.getparent()) in ("pPr", "body")]
    return [value(child(section, "type")) not in ("continuous", "nextColumn") for section in sections]


@dataclass(slots=True)
class _Run:
    """What is gathered of a paragraph of a style; ``leads`` tells whether its tabs print dots."""

    style: str | None
    leads: bool
    texts: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)  # lines before page breaks within it
    boxes: list[Block] = field(default_factory=list)  # what stands in text boxes anchored in it
    rendered: int = 0  # noted page breaks after the beginning of its text


class _Body:
    """Walks the elements of the text and keeps what outlasts a paragraph: numbers of lists, sections, fields."""

    def __init__(self, styles: Styles, numbering: Numbering, section_starts: Sequence[bool], has_rendered_pages: bool) -> None:
        self.pictures = 0
        self._styles = styles
        self._numbering = numbering
        self._section_starts = section_starts
        self._has_rendered_pages = has_rendered_pages
        self._sections = 0
        self._fields: list[bool] = []  # for each field that is open, whether its result has begun
        self._carried = ""  # text before a paragraph mark that tracked changes delete
        self._workbooks = 0
        self._is_revised = False

    def blocks(self, parent: etree._Element) -> list[Block]:
        """The blocks that the children of an element print."""
        found: list[Block] = []
        for element in parent:
            kind = name_of(element)
            if kind == "p":
                found += self._paragraph(element)
            elif kind == "tbl":
                found += self._table(element)
            elif kind == "sdt":
                content = child(element, "sdtContent")
                found += self.blocks(content) if content is not None else []
            elif kind in ("customXml", "ins", "moveTo"):
                found += self.blocks(element)
            elif kind == "AlternateContent":
                found += self.blocks(_alternative(element))
            elif kind in ("altChunk", "subDoc"):
                raise Rejected("embedded_document", "part of its text is another file embedded in it", SAVE_ANEW)
        if self._carried.strip():
            found.append(Text(self._carried))  # there is no next paragraph here that it could go on in
        self._carried = ""
        return found

    def require_closed_fields(self) -> None:
        """Raises :class:`Rejected` where a field has begun and never shows its result: the text after it would be lost."""
        if not self._is_result():
            raise Rejected("damaged", "a field in its text is not closed", SAVE_ANEW)

    def remarks(self) -> Iterator[Remark]:
        for number_format, count in sorted(self._numbering.unknown.items()):
            yield Remark(
                "list_number_unknown",
                f"{count} automatic numbers are not read: their format {number_format!r} is not known",
            )
        if self._is_revised:
            yield Remark("tracked_changes", "it has tracked changes: it is read as if they were accepted")
        if self._workbooks:
            yield Remark("embedded_workbook", f"{self._workbooks} embedded workbooks are pictures to a reader and were not read")

    # Paragraphs

    def _paragraph(self, paragraph: etree._Element) -> list[Block]:
        properties = child(paragraph, "pPr")
        mark = child(properties, "rPr")
        style = self._styles.paragraph(value(child(properties, "pStyle")))
        leads = self._styles.has_leader(style, properties) or (style is not None and _CONTENTS.match(style.name) is not None)
        run = _Run(style.key if style is not None else None, leads)
        self._runs(paragraph, run)
        body = "".join(run.texts)
        is_vanished = is_on(child(mark, "vanish")) and not body.strip() and not run.blocks
        if child(mark, "del") is not None or child(mark, "moveFrom") is not None:
            # The paragraph goes on in the next one. An empty one that is deleted is not there at all.
            self._is_revised = True
            self._carried += body
            return [*run.boxes, *run.blocks, *self._breaks_after(run)]
        number = "" if is_vanished else self._numbering.next(properties, style)
        blocks: list[Block] = []
        if self._breaks_before(properties, style):
            blocks.append(Break())
        if self._carried:
            body, self._carried = self._carried + body, ""
        first = next((i for i, b in enumerate(run.blocks) if isinstance(b, Text)), None)
        if number and first is not None:
            earlier = run.blocks[first]
            assert isinstance(earlier, Text)
            run.blocks[first] = Text(number + earlier.text)
        else:
            body = number + body
        blocks += run.boxes
        blocks += run.blocks
        if body.strip():
            blocks.append(Text(body))
        hidden = "".join(run.hidden)
        if hidden.strip():
            blocks.append(Hidden(hidden))
        blocks += self._breaks_after(run)
        if child(properties, "sectPr") is not None:
            self._sections += 1
            if self._sections >= len(self._section_starts) or self._section_starts[self._sections]:
                blocks.append(Break())
        return blocks

    def _breaks_before(self, properties: etree._Element | None, style: Style | None) -> bool:
        own = child(properties, "pageBreakBefore")
        return is_on(own) if own is not None else self._styles.breaks_before(style)

    def _breaks_after(self, run: _Run) -> list[Block]:
        return [Break(is_rendered=True)] * run.rendered

    def _runs(self, parent: etree._Element, run: _Run) -> None:
        for element in parent:
            kind = name_of(element)
            if kind == "r":
                is_hidden = self._styles.is_hidden(child(element, "rPr"), run.style)
                self._pieces(element, run, is_hidden)
            elif kind in ("del", "moveFrom"):
                self._is_revised = True
            elif kind == "AlternateContent":
                self._runs(_alternative(element), run)
            elif kind in ("drawing", "pict", "object"):
                self._drawing(element, run)
            elif not kind.endswith("Pr"):
                self._is_revised |= kind in ("ins", "moveTo")
                self._runs(element, run)  # links, content controls, mathematics: their text is printed as if they were not there

    def _pieces(self, element: etree._Element, run: _Run, is_hidden: bool) -> None:
        font = attribute(child(child(element, "rPr"), "rFonts"), "ascii") or ""
        for piece in element:
            kind = name_of(piece)
            if kind == "fldChar":
                self._field(piece, run, is_hidden)
            elif kind == "lastRenderedPageBreak":
                self._rendered(run)
            elif kind in ("drawing", "pict", "object"):
                self._drawing(piece, run)
            elif kind == "AlternateContent":
                self._pieces(_alternative(piece), run, is_hidden)
            elif kind == "ruby":
                self._runs(_base(piece), run)
            elif kind == "br" and attribute(piece, "type") == "page":
                if not is_hidden and self._is_result():
                    self._page_break(run)
            else:
                text = _text_of(piece, kind, font.lower(), run.leads)
                if text and self._is_result():
                    (run.hidden if is_hidden else run.texts).append(text)

    def _is_result(self) -> bool:
        """Whether what is read now is printed: text outside fields, or their results, but no instruction."""
        return all(self._fields)

    def _field(self, piece: etree._Element, run: _Run, is_hidden: bool) -> None:
        kind = attribute(piece, "fldCharType")
        if kind == "begin":
            if not is_hidden and self._is_result():
                run.texts.append(_form_field(child(piece, "ffData")))
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _rendered(self, run: _Run) -> None:
        if not self._has_rendered_pages:
            return
        if "".join(run.texts).strip():
            run.rendered += 1
        else:
            run.blocks.append(Break(is_rendered=True))

    def _page_break(self, run: _Run) -> None:
        before = self._carried + "".join(run.texts)
        self._carried = ""
        if before.strip():
            run.blocks.append(Text(before))
        run.texts.clear()
        run.blocks += self._breaks_after(run)
        run.rendered = 0
        run.blocks.append(Break())

    def _drawing(self, element: etree._Element, run: _Run) -> None:
        """What text boxes in a drawing print; they are read before the paragraph that anchors them."""
        if name_of(element) == "object":
            objects = [e for e in element.iter("{*}OLEObject") if e.get("ProgID", "").startswith(("Excel", "ET."))]
            self._workbooks += len(objects)
        boxes = [e for e in _printed(element) if name_of(e) == _TEXT_BOX]
        run.boxes += [Text(text) for e in _printed(element) if name_of(e) == "textpath" and (text := e.get("string", ""))]
        self.pictures += any(name_of(e) in ("blip", "imagedata") for e in _printed(element))
        fields, self._fields = self._fields, []
        carried, self._carried = self._carried, ""
        for box in boxes:
            run.boxes += self.blocks(box)
        self._fields, self._carried = fields, carried

    # Tables

    def _table(self, table: etree._Element) -> list[Block]:
        made = FlowTable()
        hidden: list[Block] = []
        above: dict[int, tuple[FlowCell, int]] = {}  # by its first column: a cell that goes on downwards, and its width
        for row in _rows(table):
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                self._is_revised = True
                continue
            self._is_revised |= child(properties, "ins") is not None
            cells: list[FlowCell] = []
            column = _count(child(properties, "gridBefore"), least=0)
            if column:
                cells.append(FlowCell(column_span=column))
            going: dict[int, tuple[FlowCell, int]] = {}
            contents = [(cell, self.blocks(cell)) for cell in _cells(row)]
            if is_on(child(properties, "hidden")):
                hidden.append(Hidden(" ".join(b.text for _, blocks in contents for b in blocks if isinstance(b, Text))))
                continue
            for cell, blocks in contents:
                format_ = child(cell, "tcPr")
                width = _count(child(format_, "gridSpan"), least=1)
                merge, beside = child(format_, "vMerge"), child(format_, "hMerge")
                if beside is not None and value(beside) != "restart" and cells:
                    cells[-1].column_span = min(cells[-1].column_span + width, MAX_SPAN)
                    column += width
                    continue
                goes_on = merge is not None and value(merge) != "restart"
                upper = above.get(column)
                if goes_on and upper is not None and upper[1] == width:
                    upper[0].row_span += 1
                    # Word does not print what stands in a cell that goes on from above.
                    upper[0].blocks += [Hidden(b.text) for b in blocks if isinstance(b, Text)]
                    going[column] = upper
                else:
                    made_cell = FlowCell(blocks, column_span=width)
                    cells.append(made_cell)
                    if merge is not None:
                        going[column] = (made_cell, width)
                column += width
            above = going
            made.rows.append(cells)
        return [made, *hidden]


def _form_field(data: etree._Element | None) -> str:
    """What a field of a form shows that has no text of its own: a box that is ticked or not, or the entry chosen from a list."""
    box, chosen = child(data, "checkBox"), child(data, "ddList")
    if box is not None:
        state = child(box, "checked")
        return "☒" if is_on(state if state is not None else child(box, "default")) else "☐"
    if chosen is not None:
        entries = [value(entry) or "" for entry in children(chosen, "listEntry")]
        place = value(child(chosen, "result")) or value(child(chosen, "default")) or "0"
        return entries[int(place)] if place.isdecimal() and int(place) < len(entries) else ""
    return ""


def _count(element: etree._Element | None, least: int) -> int:
    """The number of columns that an element gives."""
    text = value(element)
    return max(least, min(int(text), MAX_SPAN)) if text is not None and text.isdecimal() else least


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    yield from _within(table, "tr")


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    yield from _within(row, "tc")


def _within(parent: etree._Element, kind: str) -> Iterator[etree._Element]:
    """The children of a kind, in content controls and the like as well."""
    for element in parent:
        name = name_of(element)
        if name == kind:
            yield element
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _within(element, kind)
        elif name == "AlternateContent":
            yield from _within(_alternative(element), kind)


def _alternative(element: etree._Element) -> etree._Element:
    """The one of several versions of the same content that a current program shows."""
    for kind in ("Choice", "Fallback"):
        found = child(element, kind)
        if found is not None:
            return found
    return element


def _base(ruby: etree._Element) -> etree._Element:
    """The text of a ruby without the reading above it."""
    found = child(ruby, "rubyBase")
    return found if found is not None else ruby


def _printed(element: etree._Element) -> Iterator[etree._Element]:
    """The elements in a drawing, of alternatives one; what stands in a text box is left to it."""
    for inner in element:
        yield inner
        kind = name_of(inner)
        if kind == "AlternateContent":
            yield from _printed(_alternative(inner))
        elif kind != _TEXT_BOX:
            yield from _printed(inner)


def _text_of(piece: etree._Element, kind: str, font: str, leads: bool) -> str:
    if kind == "t":
        return _symbols(_WHITE_SPACE.sub(" ", piece.text or ""), font)
    if kind in ("tab", "ptab"):
        return LEADERS if leads else "\t"
    if kind in ("br", "cr"):
        return "\n"
    if kind == "noBreakHyphen":
        return "-"
    if kind == "sym":
        code = attribute(piece, "char") or ""
        try:
            character = chr(int(code, 16))
        except (ValueError, OverflowError):
            return ""
        return _symbols(character, (attribute(piece, "font") or "").lower())
    return ""


def _symbols(text: str, font: str) -> str:
    """Text in a font of symbols as the signs that it shows, where they matter: boxes and ticks."""
    signs = _WINGDINGS.get(font)
    if signs is None:
        return text
    return "".join(signs.get(ord(c) - 0xF000 if ord(c) >= 0xF000 else ord(c), c) for c in text)
