"""Labels of charts: broken into lines, and moved apart where they would lie on each other."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Latin letters or digits; white space; a short remark in brackets, （模拟）; a character with the brackets that belong to it.
_PIECES = re.compile(r"[!-~]+\s*|\s+|（[^（）]{1,4}）|[（《「“]*.[）》」”，。、；：]*")


def wrap(text: str, width: int) -> list[str]:
    """A label in lines of at most ``width`` columns of Chinese text, of which a Latin letter or digit takes half of one.

    Chinese breaks between any two characters, but not inside a short bracket or before a comma; other text at spaces.
    """
    lines, line, used = [], "", 0.0
    for word in _PIECES.findall(text):
        if line and used + columns(word.rstrip()) > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        line += word
        used += columns(word)
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def columns(text: str) -> float:
    """How wide a text is, in Chinese characters."""
    return sum(0.55 if character < "\u2e80" else 1 for character in text)


def spread(wanted: Sequence[tuple[float, float]], low: float) -> list[float]:
    """Centres for labels of (wanted centre, height), in ascending order, so that none lies on the one before or below ``low``."""
    centres: list[float] = []
    edge = low - wanted[0][1] / 2 if wanted else low
    for centre, size in wanted:
        centres.append(max(centre, edge + size / 2))
        edge = centres[-1] + size / 2
    return centres
