"""The sample disclosures in every format that is read: ``python -m samples.render --format xlsx --to FOLDER``."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from samples.render.build import file_name, orders, read_sources
from samples.render.disclosure import compose
from samples.render.document import Rendering
from samples.render.formats.archive import write_archive
from samples.render.formats.delimited import write_delimited
from samples.render.formats.ods import write_ods
from samples.render.formats.office import has_office, write_doc
from samples.render.formats.rtf import write_rtf
from samples.render.formats.scan import FONT_FOLDERS, has_chinese_font, write_page, write_scan, write_tiff
from samples.render.formats.sheets import FORMS, STACKED
from samples.render.formats.web import write_cms, write_html, write_mht
from samples.render.formats.word import NUMBERED, TYPED, write_docx
from samples.render.formats.xls import write_xls
from samples.render.formats.xlsx import write_xlsx
from samples.render.pdf import Look
from samples.render.pdf import render_pdf as write_pdf

ARCHIVE = "zip"


@dataclass(frozen=True, slots=True)
class Sample:
    """One file of the samples before it is written; ``file_name`` is that of the committed one."""

    file_name: str
    department: str
    rendering: Rendering
    look: Look  # of its pages as PDF

    @property
    def stem(self) -> str:
        return Path(self.file_name).stem


@dataclass(frozen=True, slots=True)
class Format:
    """How a sample is written; ``lacks`` says what the machine has not got that writing needs, ``""`` if nothing."""

    suffix: str
    write: Callable[[Sample, Path], None]
    lacks: Callable[[], str] = lambda: ""


def _lacks_office() -> str:
    return "" if has_office() else "LibreOffice (soffice) is not installed"


def _lacks_font() -> str:
    return "" if has_chinese_font() else f"no Chinese font is installed; {FONT_FOLDERS} may name a folder with one"


FORMATS: dict[str, Format] = {
    "pdf": Format(".pdf", lambda s, p: write_pdf(s.rendering, s.look, p)),
    "xlsx": Format(".xlsx", lambda s, p: write_xlsx(s.rendering, FORMS, p)),
    "xlsx-stacked": Format(".xlsx", lambda s, p: write_xlsx(s.rendering, STACKED, p)),
    "xls": Format(".xls", lambda s, p: write_xls(s.rendering, FORMS, p)),
    "xls-stacked": Format(".xls", lambda s, p: write_xls(s.rendering, STACKED, p)),
    "ods": Format(".ods", lambda s, p: write_ods(s.rendering, FORMS, p)),
    "ods-stacked": Format(".ods", lambda s, p: write_ods(s.rendering, STACKED, p)),
    "csv": Format(".csv", lambda s, p: write_delimited(s.rendering, p, "utf-8-sig")),
    "csv-gb18030": Format(".csv", lambda s, p: write_delimited(s.rendering, p, "gb18030")),
    "tsv": Format(".tsv", lambda s, p: write_delimited(s.rendering, p, "utf-16", "\t")),
    "docx": Format(".docx", lambda s, p: write_docx(s.rendering, TYPED, p)),
    "docx-numbered": Format(".docx", lambda s, p: write_docx(s.rendering, NUMBERED, p)),
    "rtf": Format(".rtf", lambda s, p: write_rtf(s.rendering, p)),
    "doc": Format(".doc", lambda s, p: write_doc(s.rendering, p), _lacks_office),
    "wps": Format(".wps", lambda s, p: write_doc(s.rendering, p), _lacks_office),
    "html": Format(".html", lambda s, p: write_html(s.rendering, p)),
    "html-cms": Format(".html", lambda s, p: write_cms(s.rendering, p)),
    "mht": Format(".mht", lambda s, p: write_mht(s.rendering, p)),
    "scan": Format(".pdf", lambda s, p: write_scan(s.rendering, s.look, p), _lacks_font),
    "tiff": Format(".tif", lambda s, p: write_tiff(s.rendering, s.look, p), _lacks_font),
    "png": Format(".png", lambda s, p: write_page(s.rendering, s.look, p), _lacks_font),
}

# What an archive holds, in turn.
IN_ARCHIVES = ("xlsx", "docx", "xls-stacked", "pdf", "html")


def samples_of(folder: Path) -> Iterator[Sample]:
    """Every sample in the order of the committed files' making."""
    for order, _ in orders(read_sources(folder)):
        made = compose(order)
        name, look = file_name(order), Look(**order.layout.get("look", {}))
        yield Sample(name, order.department, made.rendering, look)
        if made.companion is not None:
            yield Sample(f"{made.companion.title}.pdf", order.department, made.companion, look)


def write_sample(sample: Sample, format_name: str, folder: Path) -> Path:
    """Write one sample in one format into a folder that exists; the path of the file."""
    chosen = FORMATS[format_name]
    path = folder / f"{sample.stem}{chosen.suffix}"
    chosen.write(sample, path)
    return path


def write_archives(samples: Sequence[Sample], folder: Path) -> Iterator[Path]:
    """One archive a department, each of its files in the next of the formats of archives."""
    departments = dict.fromkeys(sample.department for sample in samples)
    number = 0
    for department in departments:
        with tempfile.TemporaryDirectory() as inside:
            files = []
            for sample in (s for s in samples if s.department == department):
                files.append(write_sample(sample, IN_ARCHIVES[number % len(IN_ARCHIVES)], Path(inside)))
                number += 1
            path = folder / f"{department}.zip"
            write_archive(files, path)
            yield path


def write_format(samples: Sequence[Sample], format_name: str, folder: Path) -> Iterator[Path]:
    """Write samples in one format. Raises ``RuntimeError`` if the machine lacks what that needs."""
    folder.mkdir(parents=True, exist_ok=True)
    if format_name == ARCHIVE:
        yield from write_archives(samples, folder)
        return
    lacks = FORMATS[format_name].lacks()
    if lacks:
        raise RuntimeError(f"{format_name} cannot be written: {lacks}")
    for sample in samples:
        yield write_sample(sample, format_name, folder)


__all__ = ["ARCHIVE", "FORMATS", "Format", "Sample", "samples_of", "write_format", "write_sample"]
