"""Normal forms of printed text. Pure functions; what is printed is kept elsewhere, these forms are for comparing."""

from __future__ import annotations

import re
import unicodedata

_WHITE_SPACE = re.compile(r"[\s\u3000\u00a0\u200b\ufeff]+")

# Variants that publishers mix freely and that never distinguish two headers, titles or labels.
_FOLDED = str.maketrans(
    {
        "(": "（",
        ")": "）",
        "〔": "（",
        "〕": "）",
        "【": "（",
        "】": "）",
        "[": "（",
        "]": "）",
        ":": "：",
        "﹕": "：",
        "“": "",
        "”": "",
        "‘": "",
        "’": "",
        '"': "",
        "'": "",
        "＂": "",
        "「": "",
        "」": "",
        "『": "",
        "』": "",
        ",": "，",
        ";": "；",
        "·": "",
    }
)

# Digits that fonts and office suites print instead of ASCII ones.
_DIGITS = {ord("０") + i: str(i) for i in range(10)}


def squash(text: str) -> str:
    """The text without any white space, as labels are kept."""
    return _WHITE_SPACE.sub("", text)


def fold(text: str) -> str:
    """A form for comparing: no white space, no quotation marks, one kind of brackets and colons, ASCII digits."""
    return squash(unicodedata.normalize("NFC", text)).translate(_FOLDED).translate(_DIGITS)
