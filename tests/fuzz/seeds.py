"""Sound files of each format, small ones: what is mutated. The same bytes each time.

PDF and text are bundled samples, cut short; the formats of offices are one text sample, written cell by cell.
"""

from __future__ import annotations

import csv
import html
import io
import quopri
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from ingest.document import Document, Line
from ingest.readers.plain_text import read_text
from tests.fuzz.by_pdf import first_pages
from tests.fuzz.by_zip import archived, members_of
from tests.fuzz.mutant import Seed

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "disclosures"
TEXT = "晋城市行政审批服务管理局2022年度部门决算公开.txt"
SPANNED = "云岭省澜溪市文化和旅游局2021年度部门决算.md"
TABLES = "云岭省澜溪市国土资源局2018年度部门预算公开表.pdf"
PROSE = "云岭省澜溪市国土资源局2018年度部门预算情况说明.pdf"


@cache
def _document() -> Document:
    return read_text(SAMPLES / TEXT)


def _rows() -> Iterator[tuple[list[str], bool]]:
    """The blocks of the text sample as rows of cells, and whether they belong to a table."""
    for page in _document().pages:
        for block in page.blocks:
            if isinstance(block, Line):
                yield [block.text], False
            else:
                for row in range(1, block.row_count + 1):
                    yield [c.text for c in sorted(block.cells, key=lambda c: c.column) if c.row == row], True


def _forms() -> list[list[list[str]]]:
    """The text sample as sheets: the lines right above a table, the table, and nothing else."""
    sheets: list[list[list[str]]] = []
    above: list[list[str]] = []
    in_table = False
    for row, is_table in _rows():
        if is_table:
            if not in_table:
                sheets.append(above[-3:])
                above = []
            sheets[-1].append(row)
        else:
            above.append(row)
        in_table = is_table
    return sheets


def _pdf() -> Iterator[bytes]:
    yield first_pages((SAMPLES / TABLES).read_bytes(), 3)
    yield (SAMPLES / PROSE).read_bytes()
    yield _ruled_page()


def _ruled_page() -> bytes:
    """A page with an embedded font and ruling lines: the one that pypdfium2 reads to the end."""
    import reportlab
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    registerFont(TTFont("Vera", str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")))
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    canvas.setFont("Vera", 10)
    for row in range(12):
        for column in range(5):
            canvas.rect(72 + 80 * column, 300 + 20 * row, 80, 20)
            canvas.drawString(74 + 80 * column, 306 + 20 * row, f"{row * column}.50")
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _txt() -> Iterator[bytes]:
    yield (SAMPLES / TEXT).read_bytes()


def _md() -> Iterator[bytes]:
    text = (SAMPLES / SPANNED).read_text(encoding="utf-8")
    yield text.encode()
    yield "".join(f"| {' | '.join(row)} |\n" if table else f"{row[0]}\n\n" for row, table in _rows()).encode()


def _xlsx() -> Iterator[bytes]:
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.active)
    for number, rows in enumerate(_forms(), start=1):
        sheet = workbook.create_sheet(f"表{number}")
        for row in rows:
            sheet.append([_number(text) for text in row])
        sheet.merge_cells("A1:B1")
    stream = io.BytesIO()
    workbook.save(stream)
    # Without the time at which it was made.
    yield archived(
        [
            (name, re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2024-01-01T00:00:00Z", data))
            for name, data in members_of(stream.getvalue())
        ]
    )


def _xls() -> Iterator[bytes]:
    import xlwt

    workbook = xlwt.Workbook(encoding="utf-8")
    for number, rows in enumerate(_forms(), start=1):
        sheet = workbook.add_sheet(f"表{number}")
        for y, row in enumerate(rows):
            for x, text in enumerate(row):
                sheet.write(y, x, _number(text))
    stream = io.BytesIO()
    workbook.save(stream)
    yield stream.getvalue()


def _number(text: str) -> float | str:
    # Codes stay text, as publishers keep them.
    return float(text.replace(",", "")) if re.fullmatch(r"[\d,]+\.\d+", text) else text


def _csv() -> Iterator[bytes]:
    stream = io.StringIO()
    writer = csv.writer(stream)
    for rows in _forms():
        writer.writerows(rows)
        writer.writerow([])
    yield stream.getvalue().encode("utf-8-sig")


def _tsv() -> Iterator[bytes]:
    yield "\n".join("\t".join(row) for rows in _forms() for row in rows).encode()


def _docx() -> Iterator[bytes]:
    from docx import Document as Word

    word = Word()
    table: list[list[str]] = []
    for row, is_table in [*_rows(), ([""], False)]:
        if is_table:
            table.append(row)
            continue
        if table:
            grid = word.add_table(len(table), max(map(len, table)))
            # Cell by cell through its rows would take minutes.
            for cells, texts in zip(grid._tbl.tr_lst, table, strict=True):
                for cell, text in zip(cells.tc_lst, texts, strict=False):
                    cell.p_lst[0].add_r().text = text
            table = []
        word.add_paragraph(row[0])
    stream = io.BytesIO()
    word.save(stream)
    yield archived(members_of(stream.getvalue()))


def _page() -> str:
    parts = ['<!DOCTYPE html><html><head><meta charset="utf-8"><title>决算</title></head><body>']
    in_table = False
    for row, is_table in _rows():
        if is_table != in_table:
            parts.append("<table>" if is_table else "</table>")
            in_table = is_table
        cells = "".join(f"<td>{html.escape(text)}</td>" for text in row)
        parts.append(f"<tr>{cells}</tr>" if is_table else f"<p>{html.escape(row[0])}</p>")
    return "\n".join([*parts, "</table>" if in_table else "", "</body></html>"])


def _html() -> Iterator[bytes]:
    yield _page().encode()


def _mht() -> Iterator[bytes]:
    head = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"; type="text/html"\r\n\r\n--b\r\n'
        'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n'
        "Content-Location: http://example.org/\r\n\r\n"
    )
    yield head.encode() + quopri.encodestring(_page().encode()) + b"\r\n--b--\r\n"


def _ods() -> Iterator[bytes]:
    names = "office", "table", "text"
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    parts = [
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body><office:spreadsheet>'
    ]
    for number, rows in enumerate(_forms(), start=1):
        parts.append(f'<table:table table:name="表{number}"><table:table-column table:number-columns-repeated="12"/>')
        for row in rows:
            cells = "".join(_ods_cell(text) for text in row)
            parts.append(f'<table:table-row>{cells}<table:table-cell table:number-columns-repeated="2"/></table:table-row>')
        parts.append("</table:table>")
    parts.append("</office:spreadsheet></office:body></office:document-content>")
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    members = [
        ("mimetype", kind.encode()),
        ("content.xml", "".join(parts).encode()),
        ("META-INF/manifest.xml", manifest.encode()),
    ]
    yield archived(members)


def _ods_cell(text: str) -> str:
    value = _number(text)
    kind = f'office:value-type="float" office:value="{value}"' if isinstance(value, float) else 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{html.escape(text)}</text:p></table:table-cell>" if text else "<table:table-cell/>"


def _zip() -> Iterator[bytes]:
    yield archived([(TEXT, (SAMPLES / TEXT).read_bytes()), ("表/" + PROSE, (SAMPLES / PROSE).read_bytes()), ("读我.txt", b"1")])


_MAKERS: dict[str, Callable[[], Iterator[bytes]]] = {
    "pdf": _pdf, "txt": _txt, "md": _md, "xlsx": _xlsx, "xls": _xls, "ods": _ods, "csv": _csv, "tsv": _tsv, "docx": _docx,
    "html": _html, "mht": _mht, "zip": _zip,
}  # fmt: skip
FORMATS = tuple(_MAKERS)


def seeds(kind: str) -> list[Seed]:
    """The seeds of a format. Raises :class:`KeyError` for one that has none."""
    return [Seed(kind, content) for content in _MAKERS[kind]()]
