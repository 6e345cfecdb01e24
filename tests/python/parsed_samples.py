"""The committed samples, each parsed once a session."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ingest.parse import parse_file
from ingest.parsed import ParsedDocument

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@cache
def parsed(file_name: str) -> ParsedDocument:
    return parse_file(SAMPLES / "disclosures" / file_name)
