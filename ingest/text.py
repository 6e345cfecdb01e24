"""Normal forms of printed text. Pure functions; what is printed is kept elsewhere, these forms are for comparing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

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
        "〝": "",
        "〞": "",
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


_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_YEAR = re.compile(r"二[〇○零O0][〇○零一二三四五六七八九]{2}(?=年)")


def squash(text: str) -> str:
    """The text without any white space, as labels are kept."""
    return _WHITE_SPACE.sub("", text)


# A document is looked at by several readers, and its labels repeat from form to form.
@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """A form for comparing.

    No white space, no quotation marks, one kind of brackets and colons, ASCII digits, and years in digits (二〇二三年).
    """
    folded = squash(unicodedata.normalize("NFC", text)).translate(_FOLDED).translate(_DIGITS)
    # What was taken out may have stood between a letter and its accent.
    folded = folded if folded.isascii() else unicodedata.normalize("NFC", folded)
    return _CHINESE_YEAR.sub(_arabic_year, folded) if "二" in folded else folded


def _arabic_year(found: re.Match[str]) -> str:
    return found.group().replace("O", "0").translate(_CHINESE_DIGITS)
