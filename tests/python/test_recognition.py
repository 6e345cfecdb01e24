"""Scans and pictures: the same tables as the file with text, each figure with how surely it was read."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.ocr import VARIANTS, Variant, picture_of, scan
from ingest import recognition
from ingest.document import Document, Table
from ingest.numbers import parse_number
from ingest.parse import parse_file
from ingest.parsed import Rejected
from ingest.readers import read_document
from ingest.text import squash
from ingest.version import parser_version

with_extra = pytest.mark.skipif(not recognition.is_installed(), reason="the extra `ocr` is not installed: make ocr")

ROWS = (
    ("201", "General public services", "21,066,642.50", "18,332,817.26", "2,733,825.24"),
    ("20106", "Fiscal affairs", "21,066,642.50", "18,332,817.26", "2,733,825.24"),
    ("2010601", "Administration", "18,332,817.26", "18,332,817.26", "——"),
    ("2010699", "Other fiscal affairs", "2,733,825.24", "0.00", "2,733,825.24"),
    ("208", "Social security", "3,267,158.09", "3,267,158.09", ""),
    ("20805", "Pensions", "3,267,158.09", "3,267,158.09", ""),
    ("2080505", "Basic pensions of staff", "846,491.60", "846,491.60", "-"),
    ("2080599", "Other pensions", "2,420,666.49", "2,420,666.49", "-99.06"),
    ("221", "Housing", "4,456,911.00", "4,456,911.00", "1,110.11"),
)
HEADER = ("Code", "Name of the item", "Total", "Basic", "Project")
EDGES = (50.0, 120.0, 290.0, 380.0, 470.0, 560.0)
HEIGHT = 20.0
EDITION_2019 = "江苏省人大办公厅__江苏省人大常委会办公厅2019年部门预算公开表.pdf"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks for a model elsewhere fails."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("recognition looked for something in the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with a table as accounts have it, in a font that the file embeds: what is drawn is the same everywhere."""
    path = tmp_path_factory.mktemp("recognition") / "table.pdf"
    registerFont(TTFont("Vera", "Vera.ttf"))
    canvas = Canvas(str(path), pagesize=(612, 792), invariant=1)
    canvas.setFont("Vera", 14)
    canvas.drawString(200, 740, "Statement of expenditure 2024")
    canvas.setFont("Vera", 9)
    top = 700.0
    for row, texts in enumerate((HEADER, *ROWS)):
        for column, text in enumerate(texts):
            y = top - row * HEIGHT - 13
            if column < 2 or row == 0:
                canvas.drawString(EDGES[column] + 4, y, text)
            else:
                canvas.drawRightString(EDGES[column + 1] - 4, y, text)
    canvas.setLineWidth(0.5)
    bottom = top - HEIGHT * (len(ROWS) + 1)
    for x in EDGES:
        canvas.line(x, top, x, bottom)
    for row in range(len(ROWS) + 2):
        canvas.line(EDGES[0], top - row * HEIGHT, EDGES[-1], top - row * HEIGHT)
    canvas.showPage()
    canvas.save()
    return path


@pytest.fixture(scope="module")
def table_page(sound: Path) -> tuple[int, Table]:
    """The number of the page, from 0, and its table as the text layer has it."""
    return 0, _only_table(read_document(sound))


def _picture(sound: Path, page: int, variant: Variant) -> Image.Image:
    with closing(pypdfium2.PdfDocument(sound)) as document:
        return picture_of(document[page], variant)


def _figures(table: Table) -> dict[tuple[int, int], str]:
    return {(c.row, c.column): squash(c.text) for c in table.cells if parse_number(c.text) is not None}


def _only_table(document: Document) -> Table:
    (table,) = (table for page in document.pages for table in page.tables)
    return table


@with_extra
@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "bmp", "webp", "gif"])
def test_a_picture_of_any_format_has_the_table_of_the_page(
    suffix: str, tmp_path: Path, sound: Path, table_page: tuple[int, Table]
) -> None:
    number, table = table_page
    path = tmp_path / f"page.{suffix}"
    _picture(sound, number, VARIANTS["clean"]).save(path, dpi=(200, 200))
    document = read_document(path)
    read = _only_table(document)
    assert (read.row_count, read.column_count) == (table.row_count, table.column_count)
    assert _figures(read) == _figures(table)
    assert document.text_source == "recognised"
    assert document.media_type == {"jpg": "image/jpeg", "tif": "image/tiff"}.get(suffix, f"image/{suffix}")


@with_extra
def test_each_cell_tells_how_surely_it_was_read(tmp_path: Path, sound: Path, table_page: tuple[int, Table]) -> None:
    number, _ = table_page
    path = tmp_path / "page.png"
    _picture(sound, number, VARIANTS["clean"]).save(path)
    read = _only_table(read_document(path))
    confidences = [cell.confidence for cell in read.cells if parse_number(cell.text) is not None]
    assert confidences and all(confidence is not None and 0.9 < confidence <= 1 for confidence in confidences)
    assert all(cell.confidence is None for cell in read.cells if not cell.text)


@with_extra
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_lies_on_its_side_or_head_is_turned(
    quarters: int, tmp_path: Path, sound: Path, table_page: tuple[int, Table]
) -> None:
    number, table = table_page
    path = tmp_path / "page.png"
    _picture(sound, number, Variant(quarters=quarters)).save(path)
    assert _figures(_only_table(read_document(path))) == _figures(table)


@with_extra
@pytest.mark.parametrize("name", ["skew+1", "skew-1", "noise", "jpeg50", "dpi150", "dpi300"])
def test_a_scan_that_is_askew_noisy_or_coarse_has_the_same_figures(
    name: str, tmp_path: Path, sound: Path, table_page: tuple[int, Table]
) -> None:
    number, table = table_page
    path = tmp_path / "page.png"
    _picture(sound, number, VARIANTS[name]).save(path)
    assert _figures(_only_table(read_document(path))) == _figures(table)


@with_extra
def test_a_figure_that_is_hard_to_read_has_a_low_confidence(tmp_path: Path, sound: Path, table_page: tuple[int, Table]) -> None:
    number, table = table_page
    path = tmp_path / "page.png"
    picture = _picture(sound, number, VARIANTS["clean"])
    spoiled = max((c for c in table.cells if parse_number(c.text) is not None), key=lambda c: len(c.text))
    assert spoiled.box is not None
    scale = VARIANTS["clean"].dpi / 72
    # A blot over the middle of the figure, as of a stamp.
    x = (spoiled.box.x0 + spoiled.box.x1) / 2 * scale
    grey = picture.convert("L")
    pen = ImageDraw.Draw(grey)
    for step in range(-60, 60, 6):
        pen.line((x + step - 12, spoiled.box.top * scale + 4, x + step + 12, spoiled.box.bottom * scale - 4), fill=90, width=3)
    grey.save(path)
    read = {(c.row, c.column): c for c in _only_table(read_document(path)).cells}
    cell = read[spoiled.row, spoiled.column]
    assert cell.confidence is not None and cell.confidence < 0.9
    untouched = [c.confidence for k, c in read.items() if parse_number(c.text) is not None and k[0] != spoiled.row]
    assert min(c for c in untouched if c is not None) > 0.9


@with_extra
def test_pages_with_text_and_pages_that_are_pictures_may_be_mixed(
    tmp_path: Path, sound: Path, table_page: tuple[int, Table]
) -> None:
    number, table = table_page
    scanned, path = tmp_path / "scanned.pdf", tmp_path / "mixed.pdf"
    scan(sound, scanned, VARIANTS["clean"])
    with (
        closing(pypdfium2.PdfDocument(sound)) as document,
        closing(pypdfium2.PdfDocument(scanned)) as pictures,
        closing(pypdfium2.PdfDocument.new()) as mixed,
    ):
        mixed.import_pages(document, [number])
        mixed.import_pages(pictures)
        mixed.save(path)
    read = read_document(path)
    assert read.text_source == "mixed"
    assert [page.is_recognised for page in read.pages] == [False, True]
    assert all(line.confidence is None for line in read.pages[0].lines)
    assert all(line.confidence is not None for line in read.pages[1].lines)
    assert [_figures(page.tables[0]) for page in read.pages] == [_figures(table)] * 2


@with_extra
def test_the_frames_of_a_tiff_are_pages(tmp_path: Path, sound: Path, table_page: tuple[int, Table]) -> None:
    number, table = table_page
    pages = [_picture(sound, number, VARIANTS["clean"]).convert("L") for _ in range(2)]
    path = tmp_path / "pages.tif"
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(200, 200))
    read = read_document(path)
    assert [page.number for page in read.pages] == [1, 2]
    assert [_figures(page.tables[0]) for page in read.pages] == [_figures(table)] * 2


@with_extra
def test_a_scanned_disclosure_has_the_amounts_of_its_original(tmp_path: Path, corpus: Path) -> None:
    original = corpus / "documents" / "budgets" / EDITION_2019
    path = tmp_path / EDITION_2019
    scan(original, path, VARIANTS["clean"])
    want, got = parse_file(original), parse_file(path)
    assert [(a.form_code, a.row_code, a.row_label, a.column_code, a.printed_value) for a in got.amounts] == [
        (a.form_code, a.row_code, a.row_label, a.column_code, a.printed_value) for a in want.amounts
    ]
    assert len(got.amounts) == 163
    assert all(a.confidence is not None and 0 < a.confidence <= 1 for a in got.amounts)
    assert all(a.confidence is None for a in want.amounts)
    assert got.disclosure == want.disclosure
    assert (want.text_source, got.text_source) == ("text", "recognised")


@with_extra
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.readers import image

    monkeypatch.setattr(image, "MAX_PIXELS", 10_000)
    path = tmp_path / "large.png"
    Image.new("1", (101, 100), 1).save(path)
    with pytest.raises(Rejected) as refused:
        read_document(path)
    assert refused.value.code == "too_large"
    Image.new("1", (100, 100), 1).save(path)
    with pytest.raises(Rejected) as blank:
        read_document(path)
    assert blank.value.code == "no_text_layer"


def test_without_the_extra_a_picture_is_refused_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "installed", tuple)
    path = tmp_path / "page.png"
    Image.new("L", (100, 100), 255).save(path)
    with pytest.raises(Rejected) as refused:
        read_document(path)
    assert (refused.value.code, "make ocr" in refused.value.advice) == ("no_text_layer", True)


def test_without_the_extra_a_scan_is_refused_and_pictures_among_text_are_told(
    tmp_path: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "installed", tuple)
    with closing(pypdfium2.PdfDocument(sound)) as document, closing(pypdfium2.PdfDocument.new()) as one:
        one.import_pages(document, [0])
        scan(sound, tmp_path / "scan.pdf", VARIANTS["clean"])
        with closing(pypdfium2.PdfDocument(tmp_path / "scan.pdf")) as pictures:
            one.import_pages(pictures)
            one.save(tmp_path / "mixed.pdf")
    with pytest.raises(Rejected) as refused:
        read_document(tmp_path / "scan.pdf")
    assert (refused.value.code, "make ocr" in refused.value.advice) == ("no_text_layer", True)
    read = read_document(tmp_path / "mixed.pdf")
    assert [(remark.kind, remark.page) for remark in read.remarks] == [("picture_not_recognised", 2)]
    assert read.text_source == "text"


def test_the_parser_is_another_when_the_extra_appears(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = set()
    for installed in ((), ("rapidocr==3.10.0",)):
        monkeypatch.setattr(recognition, "installed", lambda installed=installed: installed)
        parser_version.cache_clear()
        versions.add(parser_version())
    parser_version.cache_clear()
    assert len(versions) == 2
