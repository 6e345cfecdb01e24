"""Scans: the pages of the PDF as images, without a text layer.

The samples embed no font, so the machine must have a Chinese one. pdfium looks for fonts where the system keeps them;
``JUESUAN_FONTS`` names another folder.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from PIL import Image

from samples.render.document import Rendering
from samples.render.pdf import Look, render_pdf

DPI = 200
FONT_FOLDERS = "JUESUAN_FONTS"


def page_images(pdf: Path, folder: Path) -> list[Path]:
    """The pages in shades of gray, one PNG a page, drawn by a process of its own: pdfium takes its fonts when it starts."""
    command = [sys.executable, "-m", "samples.render.formats.pages", str(pdf), str(folder), str(DPI)]
    subprocess.run(command, check=True, cwd=Path(__file__).resolve().parents[3])
    return sorted(folder.glob("page*.png"))


@cache
def has_chinese_font() -> bool:
    """Whether a Chinese character is drawn at all."""
    from samples.render.document import Paragraph, Section

    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "probe.pdf"
        render_pdf(Rendering("", [Section([Paragraph("决算", 60)])]), Look(), pdf)
        image = Image.open(page_images(pdf, Path(folder))[0]).convert("L")
        return bool(sum(image.histogram()[:128]) > 2000)  # dark pixels


def write_scan(rendering: Rendering, look: Look, path: Path) -> None:
    """A PDF of images (JPEG), as a scanner writes it."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    with tempfile.TemporaryDirectory() as folder:
        canvas = Canvas(str(path), invariant=1)
        for file in _images(rendering, look, Path(folder)):
            image = Image.open(file)
            size = (image.width * 72 / DPI, image.height * 72 / DPI)
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=85)
            canvas.setPageSize(size)
            canvas.drawImage(ImageReader(buffer), 0, 0, *size)
            canvas.showPage()
        canvas.save()


def write_tiff(rendering: Rendering, look: Look, path: Path) -> None:
    """All pages in one file, black and white as a fax."""
    with tempfile.TemporaryDirectory() as folder:
        images = [
            Image.open(file).point(lambda v: 255 * (v > 150)).convert("1") for file in _images(rendering, look, Path(folder))
        ]
        images[0].save(path, "TIFF", compression="group4", dpi=(DPI, DPI), save_all=True, append_images=images[1:])


def write_page(rendering: Rendering, look: Look, path: Path) -> None:
    """The page of the first form as PNG."""
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "disclosure.pdf"
        first = min(render_pdf(rendering, look, pdf).values(), default=1)
        Image.open(page_images(pdf, Path(folder))[first - 1]).save(path, dpi=(DPI, DPI))


def _images(rendering: Rendering, look: Look, folder: Path) -> list[Path]:
    pdf = folder / "disclosure.pdf"
    render_pdf(rendering, look, pdf)
    return page_images(pdf, folder)


def font_folders() -> list[str]:
    asked = [folder for folder in os.environ.get(FONT_FOLDERS, "").split(os.pathsep) if folder]
    return [*asked, "/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".fonts")]
