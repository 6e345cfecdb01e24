"""PDF pages as they are drawn."""

from __future__ import annotations

from math import cos, radians, sin
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Table
from ingest.readers.pdf import is_slanted, read_pdf


def table_page(path: Path, *, watermark: bool = False, sideways: bool = False, bold: bool = False) -> Path:
    """A page of 300 by 200 points with a table of two rows and two columns.

    ``sideways`` keeps it as printers do: an upright sheet with the drawing turned, and a rotation that turns it back for the eye.
    """
    canvas = Canvas(str(path), pagesize=(300, 200), invariant=1)
    if sideways:
        canvas.setPageRotation(90)  # which turns the sheet to 200 by 300
        canvas.translate(200, 0)
        canvas.rotate(90)
    for y in (50, 90, 130):
        canvas.line(50, y, 250, y)
    for x in (50, 150, 250):
        canvas.line(x, 50, x, 130)
    for x, y, text in ((60, 105, "Total"), (160, 105, "2,940.05"), (60, 65, "Basic"), (160, 65, "8.37")):
        canvas.drawString(x, y, text)
        if bold:
            canvas.drawString(x + 0.3, y, text)
    if watermark:
        canvas.saveState()
        canvas.translate(60, 45)
        canvas.rotate(30)
        canvas.drawString(0, 0, "DRAFT 2024 DRAFT 2024 DRAFT")
        canvas.restoreState()
    canvas.save()
    return path


def cells(path: Path) -> dict[tuple[int, int], str]:
    (table,) = [b for page in read_pdf(path).pages for b in page.blocks if isinstance(b, Table)]
    return {(c.row, c.column): c.text for c in table.cells}


PRINTED = {(1, 1): "Total", (1, 2): "2,940.05", (2, 1): "Basic", (2, 2): "8.37"}


def test_a_watermark_across_the_page_is_no_part_of_its_table(tmp_path: Path) -> None:
    assert cells(table_page(tmp_path / "a.pdf", watermark=True)) == PRINTED


def test_bold_type_that_is_drawn_twice_is_read_once(tmp_path: Path) -> None:
    assert cells(table_page(tmp_path / "a.pdf", bold=True)) == PRINTED


def test_a_page_that_is_turned_is_read_as_a_person_sees_it(tmp_path: Path) -> None:
    path = table_page(tmp_path / "a.pdf", sideways=True)
    assert cells(path) == PRINTED
    assert (read_pdf(path).pages[0].width, read_pdf(path).pages[0].height) == (300, 200)


@pytest.mark.parametrize(
    ("degrees", "slanted"), [(0, False), (5, False), (7, True), (45, True), (83, True), (85, False), (90, False)]
)
def test_text_is_slanted_from_six_degrees_off_the_axes(degrees: float, slanted: bool) -> None:
    assert is_slanted(12 * cos(radians(degrees)), 12 * sin(radians(degrees))) is slanted
