"""Text for a terminal, where Chinese characters take two places."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence


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
    """``text`` as one line without what would drive a terminal or deceive a reader: printed text of a document may hold anything.

    Control characters, marks that turn the direction of text and characters without width are replaced; spaces of any kind stay.
    """
    return "".join(char if _is_shown(char) else "\N{REPLACEMENT CHARACTER}" for char in text)


def _is_shown(char: str) -> bool:
    return char.isprintable() or unicodedata.category(char) == "Zs"


def lines_of(lines: Iterable[str]) -> str:
    """Lines of output: what was printed in a document stays within its line, and drives nothing."""
    return "\n".join(printable(line) for line in lines)


def as_json(value: object) -> str:
    """JSON for programs, which a terminal may show all the same: what is not printable is written as its number."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    return "".join(char if char == "\n" or _is_shown(char) else json.dumps(char)[1:-1] for char in text)
