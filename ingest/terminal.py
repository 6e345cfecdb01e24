"""Text for a terminal, where Chinese characters take two places."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Aligned columns, figures to the right; Chinese characters take two places in a terminal."""
    widths = [max(display_width(cell) for cell in column) for column in zip(header, *rows, strict=True)]
    is_figure = [all(cell.isdigit() for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(_pad(cell, width, right) for cell, width, right in zip(line, widths, is_figure, strict=True)).rstrip()
        for line in (header, *rows)
    ]


def _pad(text: str, width: int, to_the_right: bool) -> str:
    space = " " * (width - display_width(text))
    return space + text if to_the_right else text + space


def display_width(text: str) -> int:
    """The places that ``text`` takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def printable(text: str) -> str:
    """``text`` without what would drive a terminal: printed text of a document may hold anything."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
