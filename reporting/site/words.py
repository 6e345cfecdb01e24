"""What the pages say: both languages in ``words.yaml``, names of identifiers in ``terms.yaml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from reporting.units import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")
LANGUAGE_TAGS: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}


@cache
def _table(name: str) -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = yaml.safe_load((files(__package__) / name).read_text(encoding="utf-8"))
    return table


def word(key: str, language: Language, **values: object) -> str:
    """What is said under ``key``, with its ``{names}`` filled in. Raises ``KeyError`` where nothing is."""
    text = _table("words.yaml")[key][language]
    return text.format_map(values) if values else text


def term(code: str | None, language: Language) -> str:
    """The name of an identifier of the data, such as a column or a check; the identifier itself where none is known."""
    if code is None:
        return ""
    known = _table("terms.yaml").get(code)
    return known[language] if known else code
