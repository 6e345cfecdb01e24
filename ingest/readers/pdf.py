"""PDF files. Pages without a text layer are pictures: they are recognised where the extra for it is installed.

Two libraries share the work. pypdfium2 opens the file and interprets its pages, an order of magnitude faster;
pdfplumber reads the pages that are rotated, cropped or nested, where its account of coordinates is the better one.
Both see the same characters and lines, which the tests check on every page of the corpus. Files are checked for
completeness first: both libraries would rather repair a truncated file than refuse it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from ctypes import c_double, c_float, c_int, c_uint
from itertools import pairwise
from math import hypot, sqrt
from pathlib import Path
from typing import Any

import pdfplumber
import pdfplumber.pdf
import pypdfium2
import pypdfium2.raw as pdfium
from pdfplumber.page import Page as PlumberPage

from ingest import recognition
from ingest.document import Document, Page, Remark
from ingest.parsed import Rejected
from ingest.readers.geometry import Glyph, PageContent, Rule, compose
from ingest.readers.image import COARSEST, SHARPEST

MEDIA_TYPE = "application/pdf"
TAIL = 4096  # bytes from the end in which the end-of-file marker must stand; mailers append some
THIN = 3.0  # points: a filled rectangle at most so thick is a drawn line
MAX_PAGES = 2000
DESCENT = 0.2  # share of the font size below the baseline
SLANT = 0.1  # sine against cosine of the direction of text: about six degrees off the axes
WHITE = 250  # of 255 in each colour
MAX_STAMPED = 40  # characters that a scanner or an office writes over a scan: a number, a date, a file name
COVERING = 0.5  # share of a page that pictures cover where the page is a scan
MAX_PIXELS = 25_000_000  # of a page as it is drawn for recognition: A3 at 300 dpi has 17 million
_CID = re.compile(r"\(cid:\d+\)")

# pdfminer logs each odd font of each page; what matters to a user is reported as a rejection.
logging.getLogger("pdfminer").setLevel(logging.ERROR)


def read_pdf(path: Path) -> Document:
    """Read a PDF into the neutral document.

    Raises :class:`Rejected` for a file that is damaged, encrypted, or has no text layer.
    """
    _require_complete(path)
    with closing(_open(path)) as document:
        if len(document) > MAX_PAGES:
            raise Rejected(
                "too_large",
                f"{len(document)} pages, more than the {MAX_PAGES} that one disclosure may have",
                "split the file by department",
            )
        pages = tuple(_pages(path, document))
    if not any(page.blocks for page in pages):
        if any(page.has_image for page in pages) and not recognition.is_installed():
            raise Rejected(
                "no_text_layer",
                "a scan: its pages are pictures without a text layer",
                f"{recognition.INSTALL}; or obtain the original file",
            )
        raise Rejected("no_text_layer", "no page has any text", "check the file, or obtain the original")
    return Document(MEDIA_TYPE, pages, tuple(_not_recognised(pages)))


def _not_recognised(pages: Iterable[Page]) -> Iterator[Remark]:
    """What to say of the pages that are pictures and whose text nobody reads here."""
    numbers = [page.number for page in pages if page.has_image and not page.blocks and not page.is_recognised]
    if numbers and not recognition.is_installed():
        listed = ", ".join(map(str, numbers[:10])) + (", …" if len(numbers) > 10 else "")
        message = f"{len(numbers)} pages are pictures without text, and were passed over ({listed}): {recognition.INSTALL}"
        yield Remark("picture_not_recognised", message, numbers[0])


def _require_complete(path: Path) -> None:
    with path.open("rb") as handle:
        size = handle.seek(0, 2)
        handle.seek(max(0, size - TAIL))
        tail = handle.read()
    if b"%%EOF" not in tail:
        raise Rejected(
            "truncated",
            f"the file breaks off: no end-of-file marker in its last {min(size, TAIL)} bytes",
            "download it again",
        )


def _open(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise Rejected(
                "encrypted", "the file is encrypted and asks for a password", "save a copy without a password"
            ) from error
        raise Rejected("damaged", f"the PDF cannot be opened ({error})", "download it again") from error


def _pages(path: Path, document: pypdfium2.PdfDocument) -> Iterator[Page]:
    plumber: pdfplumber.pdf.PDF | None = None
    number = 1
    stream = path.open("rb")
    try:
        for index in range(len(document)):
            number = index + 1
            content = content_by_pdfium(document, index)
            if content is None:
                plumber = plumber or pdfplumber.open(stream)
                content = content_by_pdfplumber(plumber.pages[index])
            is_picture = _is_picture(document, index, content)
            if is_picture and recognition.is_installed():
                content = _recognised(document, index)
            else:
                is_picture = False
            blocks = compose(number, content)
            yield Page(number, blocks, content.width, content.height, has_image=content.has_image, is_recognised=is_picture)
    except (Rejected, MemoryError, ImportError):
        raise
    except Exception as error:  # pdfminer raises whatever a malformed stream provokes
        raise Rejected(
            "damaged",
            f"page {number} cannot be interpreted ({type(error).__name__}: {error})",
            "open the file in a viewer, save it anew and ingest that copy",
            page=number,
        ) from error
    finally:
        # Its pages were closed one by one; closing it as a whole would walk a broken tree of pages once more, and raise.
        stream.close()


def _is_picture(document: pypdfium2.PdfDocument, index: int, content: PageContent) -> bool:
    """Whether what a page says is drawn and not written: no text, or a stamped number over a picture of the whole page."""
    if len(content.glyphs) > MAX_STAMPED:
        return False
    with closing(document[index]) as page:
        if not content.glyphs:
            return int(pdfium.FPDFPage_CountObjects(page)) > 0
        area = page.get_width() * page.get_height()
        return bool(sum(width * height for width, height, _ in _pictures(page)) >= COVERING * area)


def _pictures(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float, float]]:
    """Width and height in points of each picture on a page, and how many pixels it has to a point."""
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = item.get_bounds()
        if right > left and top > bottom:
            yield right - left, top - bottom, max(item.get_px_size()) / max(right - left, top - bottom)


def _recognised(document: pypdfium2.PdfDocument, index: int) -> PageContent:
    """What is to be seen on a page, read from its picture. Its scale is that of the scan, within what is worth reading."""
    from ingest.recognition.page import content_of
    from ingest.recognition.picture import Sheet

    with closing(document[index]) as page:
        area = page.get_width() * page.get_height()
        sharpest = max((scale for width, height, scale in _pictures(page) if width * height >= COVERING * area / 4), default=0.0)
        scale = min(max(sharpest, COARSEST), SHARPEST, sqrt(MAX_PIXELS / area))
        with closing(page.render(scale=scale, grayscale=True)) as bitmap:
            picture = bitmap.to_numpy().reshape(bitmap.height, bitmap.width).copy()
    return content_of(Sheet(picture, scale))


def content_by_pdfium(document: pypdfium2.PdfDocument, index: int) -> PageContent | None:
    """What pypdfium2 sees on a page, or ``None`` for a page whose coordinates need pdfplumber's care.

    Those are rotated or cropped pages, and pages with form XObjects, whose own coordinate systems nest. And pages
    with a font that is not embedded: pdfium measures its glyphs by a substitute and silently drops those that the
    substitute lacks.
    """
    with closing(document[index]) as page:
        if page.get_rotation() or page.get_cropbox()[:2] != (0, 0):
            return None
        width, height = page.get_size()
        rules: list[Rule] = []
        has_image = False
        for item in page.get_objects(max_depth=1):
            if item.type == pdfium.FPDF_PAGEOBJ_PATH:
                rules.extend(_rules_of_path(item.raw, height))
            elif item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
                has_image = True
            elif item.type != pdfium.FPDF_PAGEOBJ_TEXT or not _has_embedded_font(item.raw):
                return None
        with closing(page.get_textpage()) as text:
            glyphs = _unique(_glyphs(text, height))
    return PageContent(width, height, glyphs, rules, has_image)


def is_slanted(a: float, b: float) -> bool:
    """Whether text runs askew, by the first two elements of its matrix: a watermark across the page, no part of any table."""
    return min(abs(a), abs(b)) > SLANT * max(abs(a), abs(b))


def _has_embedded_font(text: pdfium.FPDF_PAGEOBJECT) -> bool:
    return bool(pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(text)) == 1)


def _glyphs(text: pypdfium2.PdfTextPage, height: float) -> Iterator[Glyph]:
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = c_double(), c_double()
    for i in range(text.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text.raw, i))
        if character.isspace() or not character.isprintable() or pdfium.FPDFText_IsGenerated(text.raw, i) == 1:
            continue
        pdfium.FPDFText_GetLooseCharBox(text.raw, i, box)
        pdfium.FPDFText_GetCharOrigin(text.raw, i, x, y)
        pdfium.FPDFText_GetMatrix(text.raw, i, matrix)
        if is_slanted(matrix.a, matrix.b):
            continue
        size = pdfium.FPDFText_GetFontSize(text.raw, i) * hypot(matrix.c, matrix.d)
        # Fonts disagree on how far they reach above and below the baseline; the line they share is the baseline.
        bottom = height - y.value + DESCENT * size
        yield Glyph(character, box.left, bottom - size, box.right, bottom, size)


def _rules_of_path(path: pdfium.FPDF_PAGEOBJECT, height: float) -> Iterator[Rule]:
    """The ruling lines that a drawn path makes."""
    fill, stroke = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    if not (fill.value or stroke.value) or _is_white(path, bool(stroke.value)):
        return
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(path, matrix)
    x, y = c_float(), c_float()
    points: list[tuple[float, float]] = []
    straight = True
    for i in range(pdfium.FPDFPath_CountSegments(path) + 1):
        segment = pdfium.FPDFPath_GetPathSegment(path, i) if i < pdfium.FPDFPath_CountSegments(path) else None
        kind = pdfium.FPDFPathSegment_GetType(segment) if segment else pdfium.FPDF_SEGMENT_MOVETO
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if straight:
                yield from _rules_of_points(points, bool(stroke.value))
            points, straight = [], True
        if segment is None:
            break
        straight &= kind != pdfium.FPDF_SEGMENT_BEZIERTO
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        points.append(
            (
                matrix.a * x.value + matrix.c * y.value + matrix.e,
                height - (matrix.b * x.value + matrix.d * y.value + matrix.f),
            )
        )
        if pdfium.FPDFPathSegment_GetClose(segment) and points:
            points.append(points[0])


def _is_white(path: pdfium.FPDF_PAGEOBJECT, stroke: bool) -> bool:
    """Whether a path is drawn in white: on paper it is no line."""
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    get = pdfium.FPDFPageObj_GetStrokeColor if stroke else pdfium.FPDFPageObj_GetFillColor
    return bool(get(path, red, green, blue, alpha)) and min(red.value, green.value, blue.value) >= WHITE


def _rules_of_points(points: list[tuple[float, float]], stroke: bool) -> Iterator[Rule]:
    if len(points) < 2:
        return
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x0, x1, top, bottom = min(xs), max(xs), min(ys), max(ys)
    if bottom - top <= THIN and x1 - x0 > bottom - top:
        yield Rule(True, (top + bottom) / 2, x0, x1)
    elif x1 - x0 <= THIN and bottom - top > x1 - x0:
        yield Rule(False, (x0 + x1) / 2, top, bottom)
    elif stroke:
        # A filled shape without a stroke is shading; a stroked one draws its sides.
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ay - by) <= 1:
                yield Rule(True, (ay + by) / 2, min(ax, bx), max(ax, bx))
            elif abs(ax - bx) <= 1:
                yield Rule(False, (ax + bx) / 2, min(ay, by), max(ay, by))


def content_by_pdfplumber(page: PlumberPage) -> PageContent:
    """The same account of a page from pdfplumber: for the pages that need it, and to check one library by the other."""
    try:
        glyphs = _unique(
            Glyph(_CID.sub("\ufffd", c["text"]), c["x0"], c["top"], c["x1"], c["bottom"], c["size"])
            for c in page.chars
            if not c["text"].isspace() and not is_slanted(*c["matrix"][:2])
        )
        rules = [rule for shape in (*page.lines, *page.rects, *page.curves) for rule in _rules(shape)]
        return PageContent(float(page.width), float(page.height), glyphs, rules, bool(page.images))
    finally:
        page.close()  # the page keeps its whole layout otherwise: memory grows with the document


def _unique(glyphs: Iterator[Glyph]) -> list[Glyph]:
    """Glyphs without the second copies that a simulated bold face draws a fraction of a point aside."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    kept: list[Glyph] = []
    for glyph in glyphs:
        key = (glyph.text, round(glyph.x0 / 2), round(glyph.top / 2))
        near = (other for dx in (-1, 0, 1) for dy in (-1, 0, 1) for other in seen.get((glyph.text, key[1] + dx, key[2] + dy), ()))
        if any(abs(o.x0 - glyph.x0) < 1 and abs(o.top - glyph.top) < 1 for o in near):
            continue
        seen.setdefault(key, []).append(glyph)
        kept.append(glyph)
    return kept


def _rules(shape: dict[str, Any]) -> Iterator[Rule]:
    """The ruling lines that one drawn shape makes."""
    x0, x1, top, bottom = shape["x0"], shape["x1"], shape["top"], shape["bottom"]
    width, height = x1 - x0, bottom - top
    kind = shape["object_type"]
    if kind == "curve":
        points = shape["pts"]
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ay - by) <= 1:
                yield Rule(True, (ay + by) / 2, min(ax, bx), max(ax, bx))
            elif abs(ax - bx) <= 1:
                yield Rule(False, (ax + bx) / 2, min(ay, by), max(ay, by))
        return
    if height <= THIN and width > height:
        yield Rule(True, (top + bottom) / 2, x0, x1)
    elif width <= THIN and height > width:
        yield Rule(False, (x0 + x1) / 2, top, bottom)
    elif kind == "rect" and shape.get("stroke"):
        # A filled rectangle without a stroke is shading; a stroked one draws its four sides.
        yield Rule(True, top, x0, x1)
        yield Rule(True, bottom, x0, x1)
        yield Rule(False, x0, top, bottom)
        yield Rule(False, x1, top, bottom)
