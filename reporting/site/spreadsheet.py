"""Cells of a CSV that a spreadsheet opens: text stays text."""

from __future__ import annotations

from ingest.findings import FORMULA, PRINTED_NUMBER


def cell_text(value: object) -> object:
    """A value as a cell; text that a spreadsheet would run as a formula begins with an apostrophe, printed numbers do not."""
    if isinstance(value, str):
        text = value.replace("\x00", "\ufffd")
        return f"'{text}" if FORMULA.match(text) and not PRINTED_NUMBER.fullmatch(text) else text
    return value
