"""Workbooks of LibreOffice (.ods): a package of XML."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from lxml import etree
from lxml.builder import ElementMaker

from samples.render.document import Rendering
from samples.render.formats.settle import STAMP, pack
from samples.render.formats.sheets import GENERAL, TEXT, Sheet, SheetCell, SheetStyle, lay_out

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = {
    "office": _OASIS + "office:1.0",
    "style": _OASIS + "style:1.0",
    "text": _OASIS + "text:1.0",
    "table": _OASIS + "table:1.0",
    "fo": _OASIS + "xsl-fo-compatible:1.0",
    "number": _OASIS + "datastyle:1.0",
    "of": _OASIS + "of:1.2",
    "meta": _OASIS + "meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "svg": _OASIS + "svg-compatible:1.0",
}
_ALIGN = {"left": "start", "center": "center", "right": "end"}
_office, _style, _text, _table, _number = (
    ElementMaker(namespace=_SPACES[prefix], nsmap=_SPACES) for prefix in ("office", "style", "text", "table", "number")
)


def _in(prefix: str, **attributes: object) -> dict[str, str]:
    """Attributes of one namespace; ``_`` stands for ``-``."""
    return {f"{{{_SPACES[prefix]}}}{name.replace('_', '-')}": str(value) for name, value in attributes.items()}


def write_ods(rendering: Rendering, style: SheetStyle, path: Path) -> None:
    styles = _Styles()
    tables = [_sheet(sheet, styles) for sheet in lay_out(rendering, style)]
    content = _office(
        "document-content",
        _in("office", version="1.3"),
        _office("automatic-styles", *styles.elements),
        _office("body", _office("spreadsheet", *tables)),
    )
    entries = {
        "mimetype": MIMETYPE.encode(),
        "content.xml": _bytes(content),
        "styles.xml": _bytes(_office("document-styles", _in("office", version="1.3"), _office("styles"))),
        "meta.xml": _bytes(_meta(rendering.title)),
        "META-INF/manifest.xml": _manifest(),
    }
    pack(path, entries, stored=frozenset({"mimetype"}))


def _bytes(element: etree._Element) -> bytes:
    return bytes(etree.tostring(element, xml_declaration=True, encoding="UTF-8"))


def _meta(title: str) -> etree._Element:
    meta = _office("document-meta", _in("office", version="1.3"))
    inner = etree.SubElement(meta, f"{{{_SPACES['office']}}}meta")
    etree.SubElement(inner, f"{{{_SPACES['dc']}}}title").text = title
    etree.SubElement(inner, f"{{{_SPACES['dc']}}}date").text = STAMP.rstrip("Z")
    return meta


def _manifest() -> bytes:
    space = _OASIS + "manifest:1.0"
    maker = ElementMaker(namespace=space, nsmap={"manifest": space})

    def entry(path: str, kind: str) -> etree._Element:
        return maker("file-entry", {f"{{{space}}}full-path": path, f"{{{space}}}media-type": kind})

    files = [entry(name, "text/xml") for name in ("content.xml", "styles.xml", "meta.xml")]
    return _bytes(maker("manifest", {f"{{{space}}}version": "1.3"}, entry("/", MIMETYPE), *files))


class _Styles:
    """The automatic styles of a document, each made once."""

    def __init__(self) -> None:
        self.elements: list[etree._Element] = []
        self._names: dict[tuple[object, ...], str] = {}

    def column(self, width: float) -> str:
        return self._made(("co", round(width, 1)), lambda name: self._column(name, width))

    def cell(self, cell: SheetCell) -> str:
        key = ("ce", cell.number_format, cell.align, cell.size, cell.bold, cell.border, cell.wrap)
        return self._made(key, lambda name: self._cell(name, cell))

    def _made(self, key: tuple[object, ...], make: object) -> str:
        if key not in self._names:
            name = f"{key[0]}{len(self._names) + 1}"
            assert callable(make)
            self.elements += make(name)
            self._names[key] = name
        return self._names[key]

    def _column(self, name: str, width: float) -> list[etree._Element]:
        properties = _style("table-column-properties", _in("style", column_width=f"{width * 0.2:.3f}cm"))
        return [_style("style", _in("style", name=name, family="table-column"), properties)]

    def _cell(self, name: str, cell: SheetCell) -> list[etree._Element]:
        border = "0.5pt solid #000000" if cell.border else "none"
        parts = [
            _style(
                "table-cell-properties",
                _in("fo", border=border, wrap_option="wrap" if cell.wrap else "no-wrap") | _in("style", vertical_align="middle"),
            ),
            _style("paragraph-properties", _in("fo", text_align=_ALIGN[cell.align])),
            _style(
                "text-properties",
                _in("fo", font_size=f"{cell.size:g}pt", font_weight="bold" if cell.bold else "normal")
                | _in("style", font_size_asian=f"{cell.size:g}pt", font_name_asian="宋体"),
            ),
        ]
        data = self._data_style(cell.number_format)
        attributes = _in("style", name=name, family="table-cell") | (_in("style", data_style_name=data) if data else {})
        return [_style("style", attributes, *parts)]

    def _data_style(self, number_format: str) -> str:
        if number_format == GENERAL:
            return ""
        return self._made(("N", number_format), lambda name: _number_styles(name, number_format))


def _number_styles(name: str, number_format: str) -> list[etree._Element]:
    """A number format of Excel as styles of numbers: one, or one a section with a map that chooses."""
    if number_format == TEXT:
        return [_number("text-style", _in("style", name=name), _number("text-content"))]
    sections = number_format.split(";")
    if len(sections) == 1:
        return [_number_style(name, number_format)]
    zero = f"{name}P0"
    last = _number_style(name, sections[0])
    condition = _in("style", condition="value()=0", apply_style_name=zero)
    last.append(_style("map", condition))
    return [_number_style(zero, sections[2], is_volatile=True), last]


def _number_style(name: str, section: str, is_volatile: bool = False) -> etree._Element:
    attributes = _in("style", name=name) | (_in("style", volatile="true") if is_volatile else {})
    plain = re.sub(r"_.|\* ?|\\|\?", "", section)
    percent = plain.endswith("%")
    style = _number("percentage-style" if percent else "number-style", attributes)
    digits = re.search(r"[#0][#,0]*(\.0+)?", plain)
    if digits is None:
        style.append(_number("text", plain.replace('"', "")))
        return style
    places = len(digits.group(1) or ".") - 1
    whole = len(re.sub(r"[^0]", "", digits.group().partition(".")[0]))
    numbers = _in("number", decimal_places=places, min_decimal_places=places, min_integer_digits=whole)
    style.append(_number("number", numbers | (_in("number", grouping="true") if "," in digits.group() else {})))
    if percent:
        style.append(_number("text", "%"))
    return style


def _sheet(sheet: Sheet, styles: _Styles) -> etree._Element:
    table = _table("table", _in("table", name=sheet.name))
    for width in sheet.widths:
        table.append(_table("table-column", _in("table", style_name=styles.column(width))))
    spare = 1024 - len(sheet.widths)
    table.append(_table("table-column", _in("table", number_columns_repeated=spare)))
    covered = {
        (y + dy, x + dx)
        for (y, x), cell in sheet.cells.items()
        for dy in range(cell.row_span)
        for dx in range(cell.column_span)
        if dy or dx
    }
    rows, columns = sheet.row_count, sheet.column_count
    empty = 0
    for y in range(1, rows + 1):
        cells = [_place(sheet.cells.get((y, x)), (y, x) in covered, styles) for x in range(1, columns + 1)]
        if all(cell.tag.endswith("}table-cell") and not len(cell) and not cell.attrib for cell in cells):
            empty += 1
            continue
        if empty:
            table.append(_empty_rows(empty))
            empty = 0
        row = _table("table-row", *cells)
        row.append(_table("table-cell", _in("table", number_columns_repeated=1024 - columns)))
        table.append(row)
    # The rest of the sheet, as LibreOffice writes it.
    table.append(_empty_rows(1048576 - rows))
    return table


def _empty_rows(count: int) -> etree._Element:
    cell = _table("table-cell", _in("table", number_columns_repeated=1024))
    return _table("table-row", _in("table", number_rows_repeated=count), cell)


def _place(cell: SheetCell | None, is_covered: bool, styles: _Styles) -> etree._Element:
    if is_covered:
        return _table("covered-table-cell")
    if cell is None:
        return _table("table-cell")
    attributes = _in("table", style_name=styles.cell(cell))
    if cell.row_span > 1 or cell.column_span > 1:
        attributes |= _in("table", number_columns_spanned=cell.column_span, number_rows_spanned=cell.row_span)
    if isinstance(cell.value, Decimal):
        kind = "percentage" if cell.number_format.endswith("%") else "float"
        attributes |= _in("office", value_type=kind, value=f"{cell.value:f}")
        if cell.formula:
            attributes |= _in("table", formula=f"of:={cell.formula}")
    elif cell.value is not None:
        attributes |= _in("office", value_type="string")
    element = _table("table-cell", attributes)
    if cell.value is not None:
        for line in cell.text.split("\n"):
            element.append(_paragraph(line))
    return element


def _paragraph(line: str) -> etree._Element:
    """A paragraph; several spaces are one element with their number, as ODF has it."""
    paragraph = _text("p")
    last: etree._Element | None = None
    for piece in re.findall(r" {2,}|^ | ?[^ ]+| $", line):
        if piece.strip():
            if last is None:
                paragraph.text = (paragraph.text or "") + piece
            else:
                last.tail = (last.tail or "") + piece
        else:
            last = _text("s", _in("text", c=len(piece)))
            paragraph.append(last)
    return paragraph
