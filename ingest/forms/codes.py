"""Classification codes as printed: in one column or in three, with or without their leading zeros."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import decimal

from ingest.text import squash

_DIGITS = re.compile(r"\d+")
# A code and its name in one cell: 2010601行政运行, 20106-财政事务, [201]一般公共服务支出.
_CODE_AND_NAME = re.compile(
    r"^[\[【(（]?(?P<code>\d{3}(?:\d{2}){0,2})[\]】)）]?[-—_.、:：\s]*(?P<name>[^\d\s.,，、].*)$", re.DOTALL
)
LONGEST_CODE = 9  # digits; a class, a section and an item have 7
SUB_HEADERS = frozenset({"类", "款", "项", ""})


def assemble_code(parts: Sequence[str]) -> str | None:
    """The whole code from the cells of its columns, or ``None`` when they print no code.

    Each part may be the level's own two digits (``201`` ``06`` ``01``), one digit that lost its zero (``6``), or the
    code up to that level (``201`` ``20106`` ``2010601``). A single column is taken as printed.
    """
    texts = [squash(p) for p in parts]
    texts = ["" if t in SUB_HEADERS else t for t in texts]
    printed = [_in_ascii(t) for t in texts if t]
    if not printed or not all(_DIGITS.fullmatch(t) for t in printed):
        return None
    if len(parts) == 1:
        return printed[0]
    code = ""
    for text in printed:
        if len(text) >= 3:
            # A level that repeats the levels above it, or the class itself.
            code = text if text.startswith(code) or not code else code + text
        else:
            code += text.zfill(2)
    return code


def complete_code(parts: Sequence[str], above: str | None) -> Sequence[str]:
    """Code cells with the levels that are printed only where they change taken from the code of the row above.

    ``201 | |``, then `` | 05 |``, then `` | | 01``: the class of the second row is that of the first.
    """
    texts = ["" if squash(p) in SUB_HEADERS else squash(p) for p in parts]
    printed = [i for i, text in enumerate(texts) if text]
    if above is None or len(texts) < 2 or not printed or printed[0] == 0 or len(texts[printed[0]]) > 2:
        return texts
    levels = [above[:3], above[3:5], above[5:7]]
    return [text or (levels[i] if i < printed[0] else "") for i, text in enumerate(texts)]


def split_code(text: str) -> tuple[str, str] | None:
    """Code and name of a cell that prints both, or ``None``."""
    found = _CODE_AND_NAME.match(text.strip())
    return (_in_ascii(found["code"]), squash(found["name"])) if found else None


def _in_ascii(text: str) -> str:
    """Digits of whatever script as those of codes: ２０１ is 201."""
    return "".join(str(decimal(c)) if c.isdecimal() else c for c in text)
