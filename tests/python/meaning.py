"""What a parsed document says, whatever file it came from: its records without places, as multisets that can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from ingest.parsed import Notice, ParsedDocument
from ingest.text import fold, squash

Said = tuple[tuple[str, Any], ...]
Meaning = Mapping[str, Counter[Said]]

# Where something stands, and in which order it was met: each format has pages and rows of its own.
PLACES = frozenset(
    {
        *("source_page", "source_table", "source_row", "source_column", "source_line", "first_page", "last_page", "box"),
        *("form_order", "row_order", "sentence_order", "claim_order", "project_order", "execution_order", "indicator_order"),
        *("value_order", "whole_order"),
        "column_header",  # a title over the whole table may be a row of it or stand above it
        "quote",  # as much of a sentence as stands on the page of the claim
    }
)
# Notices that the publisher deserves; the others speak of the file.
OF_THE_DISCLOSURE = frozenset({"form_missing", "form_unlisted", "unknown_form", "contradictory_note"})


def is_of_the_disclosure(notice: Notice) -> bool:
    """Whether the publisher deserves the notice.

    Of disagreements about identity those of a form's head: where lines of a cover or of prose are joined depends on the format.
    """
    return notice.kind in OF_THE_DISCLOSURE or (notice.kind == "identity_disagreement" and notice.message.startswith("form_head"))


def said(record: Any) -> Said:
    """The fields of a record but its places, white space in texts removed."""
    values = ((field.name, getattr(record, field.name)) for field in fields(record) if field.name not in PLACES)
    return tuple((name, squash(value) if isinstance(value, str) else value) for name, value in values)


def all_said(records: Iterable[Any]) -> Counter[Said]:
    return Counter(said(record) for record in records)


def meaning(document: ParsedDocument) -> Meaning:
    """What the document says, by kind of record."""
    texts = {sentence.sentence_order: fold(sentence.text) for sentence in document.sentences}
    notices = Counter((("kind", n.kind), ("form_code", n.form_code)) for n in document.notices if is_of_the_disclosure(n))
    return {
        "disclosure": all_said([document.disclosure]),
        "forms": all_said(document.forms),
        "rows": all_said(document.rows),
        "amounts": all_said(document.amounts),
        "claims": Counter((*said(claim), ("sentence", texts[claim.sentence_order])) for claim in document.claims),
        "projects": all_said(document.projects),
        "executions": all_said(document.executions),
        "indicators": all_said(document.indicators),
        "notices": notices,
    }


def differences(expected: Meaning, found: Meaning) -> list[str]:
    """One line for each thing that only one of them says."""
    lines = []
    for kind, wanted in expected.items():
        lines += [f"{kind}: not found: {dict(record)}" for record in (wanted - found[kind]).elements()]
        lines += [f"{kind}: not expected: {dict(record)}" for record in (found[kind] - wanted).elements()]
    return lines
