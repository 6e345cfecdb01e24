"""Sound files of each format, small ones: what is mutated. The same bytes each time.

PDF and text are bundled samples, PDF cut short; the other formats are one sample, written as the samples of every format are.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from samples.render.formats import FORMATS as WRITERS
from samples.render.formats import Sample, samples_of, write_sample
from tests.fuzz.by_pdf import first_pages
from tests.fuzz.by_zip import archived
from tests.fuzz.mutant import Seed

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
DISCLOSURES = SAMPLES / "disclosures"
TEXT = "晋城市行政审批服务管理局2022年度部门决算公开.txt"
SPANNED = "云岭省澜溪市文化和旅游局2021年度部门决算.md"
TABLES = "云岭省澜溪市国土资源局2018年度部门预算公开表.pdf"
PROSE = "云岭省澜溪市国土资源局2018年度部门预算情况说明.pdf"
SMALL = "云岭省澜溪市司法局2019年度部门决算.pdf"


@cache
def _sample() -> Sample:
    return next(sample for sample in samples_of(SAMPLES) if sample.file_name == SMALL)


def _written(*formats: str) -> Iterator[bytes]:
    for name in formats:
        if WRITERS[name].lacks():
            continue
        with tempfile.TemporaryDirectory() as folder:
            yield write_sample(_sample(), name, Path(folder)).read_bytes()


def _pdf() -> Iterator[bytes]:
    yield first_pages((DISCLOSURES / TABLES).read_bytes(), 3)
    yield (DISCLOSURES / PROSE).read_bytes()
    yield _ruled_page()


def _ruled_page() -> bytes:
    """A page with an embedded font and ruling lines: one that pypdfium2 reads to the end."""
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


def _picture(kind: str) -> Iterator[bytes]:
    """A small picture of that page: recognising a whole one takes seconds, and its bytes are what is tried here."""
    import pypdfium2

    document = pypdfium2.PdfDocument(_ruled_page())
    picture = document[0].render(scale=1.5).to_pil().convert("L").crop((100, 400, 500, 700))
    document.close()
    stream = io.BytesIO()
    picture.save(stream, kind)
    yield stream.getvalue()


def _text(name: str) -> Iterator[bytes]:
    yield (DISCLOSURES / name).read_bytes()


def _zip() -> Iterator[bytes]:
    text, prose = (DISCLOSURES / TEXT).read_bytes(), (DISCLOSURES / PROSE).read_bytes()
    yield archived([(TEXT, text), ("表/" + PROSE, prose), ("读我.txt", b"1")])
    yield archived([("部门决算/" + TEXT, text)])


_MAKERS: dict[str, Callable[[], Iterator[bytes]]] = {
    "pdf": _pdf,
    "txt": partial(_text, TEXT),
    "md": partial(_text, SPANNED),
    "xlsx": partial(_written, "xlsx", "xlsx-stacked"),
    "xls": partial(_written, "xls", "xls-stacked"),
    "ods": partial(_written, "ods", "ods-stacked"),
    "csv": partial(_written, "csv"),
    "tsv": partial(_written, "tsv"),
    "docx": partial(_written, "docx", "docx-numbered"),
    "html": partial(_written, "html-cms", "html"),
    "mht": partial(_written, "mht"),
    "zip": _zip,
    "png": partial(_picture, "png"),
    "tif": partial(_picture, "tiff"),
    "rtf": partial(_written, "rtf"),
    "doc": partial(_written, "doc"),
}
# Each file of these starts LibreOffice, which takes seconds: they are tried when they are named.
BY_LIBREOFFICE = ("rtf", "doc")
FORMATS = tuple(_MAKERS)
QUICK_FORMATS = tuple(kind for kind in FORMATS if kind not in BY_LIBREOFFICE)


@cache
def seeds(kind: str) -> tuple[Seed, ...]:
    """The seeds of a format; none where this machine cannot write it. Raises :class:`KeyError` for an unknown format."""
    return tuple(Seed(kind, content) for content in _MAKERS[kind]())
