"""Mutants of all formats in a fixed order: the same seed makes the same files."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from random import Random

from tests.fuzz import by_bytes, by_pdf, by_text, by_zip
from tests.fuzz.mutant import Mutant, Mutation
from tests.fuzz.seeds import seeds

_TEXT = {**by_bytes.MUTATIONS, **by_text.TEXT}
_MARKED = {**_TEXT, **by_text.MARKUP}
_ZIPPED = {**by_bytes.MUTATIONS, **by_zip.MUTATIONS}
MUTATIONS: dict[str, dict[str, Mutation]] = {
    "pdf": {**by_bytes.MUTATIONS, **by_pdf.MUTATIONS},
    "txt": _TEXT,
    "md": _MARKED,
    "csv": _TEXT,
    "tsv": _TEXT,
    "html": _MARKED,
    "mht": _MARKED,
    "xlsx": _ZIPPED,
    "docx": _ZIPPED,
    "ods": _ZIPPED,
    "zip": _ZIPPED,
    "xls": by_bytes.MUTATIONS,
    "png": by_bytes.MUTATIONS,
    "tif": by_bytes.MUTATIONS,
    "rtf": _TEXT,
    "doc": by_bytes.MUTATIONS,
}


def mutant(kind: str, number: int, seed: int) -> Mutant:
    """Mutant ``number`` of a format: the mutations take turns, so that a short run tries each."""
    chance = Random(f"{seed}/{kind}/{number}")
    names = sorted(MUTATIONS[kind])
    found = seeds(kind)
    for attempt in range(len(names)):
        name = names[(number + attempt) % len(names)]
        content = chance.choice(found).content
        try:
            changed = MUTATIONS[kind][name](content, chance)
        except (zipfile.BadZipFile, ValueError):  # a second mutation of what is no archive any more
            changed = None
        if changed is not None and changed != content:
            return Mutant(f"{number:05}-{name}.{kind}", kind, name, changed)
    raise AssertionError(f"no mutation changes a {kind}")


def mutants(kinds: tuple[str, ...], count: int, seed: int) -> Iterator[Mutant]:
    """``count`` mutants, the formats in turn."""
    written = tuple(kind for kind in kinds if seeds(kind))
    for number in range(count):
        yield mutant(written[number % len(written)], number // len(written), seed)
