"""Classification codes as printed: in one column or in three, with or without their leading zeros."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.text import squash

_DIGITS = re.compile(r"\d+")
# A code and its name in one cell: 2010601行政运行, 201-06 财政事务.
_CODE_AND_NAME = re.compile(r"^(?P<code>\d{3}(?:\d{2}){0,2})[-—.、\s]*(?P<name>[^\d\s.,，、].*)$", re.DOTALL)
SUB_HEADERS = frozenset({"类", "款", "项", ""})


def assemble_code(parts: Sequence[str]) -> str | None:
    """The whole code from the cells of its columns, or ``None`` when they print no code.

    Each part may be the level's own two digits (``201`` ``06`` ``01``), one digit that lost its zero (``6``), or the code up to that
    level (``201`` ``20106`` ``2010601``). A single column is taken as printed.
    """
    texts = [squash(p) for p in parts]
    texts = ["" if t in SUB_HEADERS else t for t in texts]
    printed = [t for t in texts if t]
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


def split_code(text: str) -> tuple[str, str] | None:
    """Code and name of a cell that prints both, or ``None``."""
    found = _CODE_AND_NAME.match(text.strip())
    return (found["code"], squash(found["name"])) if found else None
