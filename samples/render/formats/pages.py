"""``python -m samples.render.formats.pages PDF FOLDER DPI`` draws the pages of a PDF, with fonts from folders of our choice."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from samples.render.formats.scan import font_folders


def _start_with_fonts(folders: list[str]) -> None:
    """pdfium anew: it has read its list of fonts when it was imported."""
    pdfium.FPDF_DestroyLibrary()
    buffers = [ctypes.create_string_buffer(folder.encode()) for folder in folders]
    character = ctypes.POINTER(ctypes.c_char)
    paths = (character * (len(buffers) + 1))(*(ctypes.cast(buffer, character) for buffer in buffers), None)
    config = pdfium.FPDF_LIBRARY_CONFIG()
    config.version = 2
    config.m_pUserFontPaths = ctypes.cast(paths, type(config.m_pUserFontPaths))
    pdfium.FPDF_InitLibraryWithConfig(config)


def main(pdf: str, folder: str, dpi: str) -> None:
    _start_with_fonts(font_folders())
    document = pypdfium2.PdfDocument(pdf)
    for number in range(len(document)):
        page = document[number]
        page.render(scale=int(dpi) / 72, grayscale=True).to_pil().save(Path(folder) / f"page{number + 1:04d}.png")
        page.close()
    document.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
