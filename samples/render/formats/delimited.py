"""Sheets as an export writes them: one after the other as comma- or tab-separated text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from samples.render.document import Rendering
from samples.render.formats.sheets import FORMS, lay_out, rows_of_text


def write_delimited(rendering: Rendering, path: Path, encoding: str, delimiter: str = ",") -> None:
    """Every sheet with its rows of one width, an empty line between two sheets."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    for number, sheet in enumerate(lay_out(rendering, FORMS)):
        if number:
            buffer.write("\r\n")
        writer.writerows(rows_of_text(sheet))
    path.write_bytes(buffer.getvalue().encode(encoding))
