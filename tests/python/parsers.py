"""Stand-ins for the parser. They run in worker processes, so this module imports no more than they need."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

from ingest.parsed import ParsedDocument, Rejected
from tests.python.staging_samples import document


def parse(path: Path) -> ParsedDocument:
    """What happens to a file is written in it."""
    text = path.read_text(encoding="utf-8")
    verb = text.split()[0] if text.split() else "empty"
    if verb == "die":
        os._exit(9)
    if verb == "die-once":
        marker = path.with_suffix(".marker")
        if not marker.exists():
            marker.touch()
            os._exit(9)
    if verb == "crash":
        raise ValueError("first line\nsecond line")
    if verb == "refuse":
        raise Rejected("no_forms", "it has none of the standard forms", "check that it is a disclosure", 3, "- paste me")
    if verb == "hoard":
        return replace(document(), media_type=str(len(bytearray(3 * 1024**3))))
    if verb == "rewrite":
        path.write_text("sound but other bytes", encoding="utf-8")
    if verb == "wrong-page":
        return replace(document(), page_count=3)
    if verb == "huge":
        sound = document()
        amounts = (replace(sound.amounts[0], printed_value=sound.amounts[0].printed_value * 10**18), *sound.amounts[1:])
        return replace(sound, amounts=amounts)
    if verb == "linger":
        path.with_suffix(".pid").write_text(f"{os.getpid()}\n", encoding="utf-8")
        time.sleep(120)
    if verb == "slow":
        time.sleep(0.5)
    return document()


def parse_all(path: Path) -> ParsedDocument:
    return document()


def parse_none(path: Path) -> ParsedDocument:
    raise Rejected("no_forms", "none", "look")
