"""What the prose of a disclosure states: its sentences under their headings, and the figures in them."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.document import Document
from ingest.parsed import Claim, Disclosure, Sentence


@dataclass(frozen=True, slots=True)
class Narrative:
    """Sentences in reading order, and the claims in them."""

    sentences: tuple[Sentence, ...] = ()
    claims: tuple[Claim, ...] = ()


def read_narrative(document: Document, disclosure: Disclosure) -> Narrative:
    """Read the prose of a document; the disclosure tells which year 上年 is."""
    del document, disclosure
    return Narrative()
