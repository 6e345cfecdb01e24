"""One page as a file: the template, what every page has in common, and nothing unescaped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from reporting.site.naming import href
from reporting.site.queries import narrowed
from reporting.site.reasons import Reason, reason
from reporting.site.words import LANGUAGE_TAGS, term, word
from reporting.units import MISSING, Language
from reporting.warehouse import Value

# Nothing from outside, and nothing inline but the styles of drawings. `file:` is for browsers to which a folder has no 'self'.
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'"
)
MENU = (
    ("overview", "index.html"),
    ("departments", "departments.html"),
    ("findings", "findings.html"),
    ("codes", "codes.html"),
    ("metrics", "metrics.html"),
    ("about", "about.html"),
)
# Characters that are no text, and those that turn the direction of what follows: shown as what cannot be shown.
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Settings:
    """What all pages of a site share."""

    folder: Path
    languages: tuple[Language, ...]
    built_at: str
    build_id: str


def clean(text: str) -> str:
    """Text of a document as a page may hold it."""
    return _NO_TEXT.sub("\ufffd", text)


def count(number: int | Decimal | None) -> str:
    """A count with its thousands separated; a dash where there is none."""
    return MISSING if number is None else f"{number:,}"


@cache
def environment() -> Environment:
    """Templates with escaping on; what is undefined is an error."""
    return Environment(
        loader=PackageLoader(__package__, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
    )


def write_page(
    settings: Settings,
    language: Language,
    template: str,
    path: str,
    *,
    content: Mapping[str, Any],
    queries: Sequence[tuple[str, Mapping[str, Value] | None]] = (),
) -> None:
    """Write ``<folder>/<language>/<path>``. ``queries``: what the page was made from, to be shown on it."""
    other = next((each for each in settings.languages if each != language), None)
    text = (
        environment()
        .get_template(template)
        .render(
            t=partial(_word, language),
            term=partial(_term, language),
            n=count,
            told=partial(_reason, language),
            language=language,
            tag=LANGUAGE_TAGS[language],
            other=other,
            other_tag=LANGUAGE_TAGS[other] if other else None,
            root="../" * (path.count("/") + 1),
            page_href=href(path),
            here=path,
            menu=MENU,
            policy=POLICY,
            build_id=settings.build_id,
            built_at=settings.built_at,
            queries=[{"name": name, "text": narrowed(name, scope)} for name, scope in queries],
            **content,
        )
    )
    write_text(settings.folder / language / path, text.lstrip())


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _word(language: Language, key: str, **values: object) -> str:
    return word(key, language, **values)


def _reason(language: Language, text: str | None) -> Reason:
    return reason(text, language)


def _term(language: Language, code: str | None) -> str:
    return term(code, language)
