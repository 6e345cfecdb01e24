"""The prose of invented disclosures in the wording of many provinces: what it states is found, and nothing else."""

from __future__ import annotations

import hashlib
import random
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from ingest.document import Document, Line, Page
from ingest.files import SourceFile
from ingest.narrative import Narrative, read_narrative
from ingest.parsed import Disclosure, ParsedDocument
from ingest.readers import read_document
from ingest.staging.expectations import failures_of
from ingest.staging.frames import frames_of
from tests.python.test_corpus import rows
from tests.python.test_narrative_corpus import is_found, of_claim, of_transcription

PROSE = Path(__file__).resolve().parents[1] / "prose"
TEXTS = sorted(path.stem for path in PROSE.glob("*.txt"))
RECALL = Decimal("0.96")
PRECISION = Decimal("0.97")


@cache
def narrative(stem: str) -> Narrative:
    _, _, year, kind = stem.split("_")
    full_kind = "budget" if kind == "budget" else "final_account"
    disclosure = Disclosure("某部门", int(year), full_kind, "department", None, True)
    return read_narrative(read_document(PROSE / f"{stem}.txt"), disclosure)


def test_there_are_thirty() -> None:
    assert len(TEXTS) == 30


@pytest.mark.parametrize("stem", TEXTS)
def test_what_is_stated_is_found(stem: str) -> None:
    found = list(narrative(stem).claims)
    stated = [row for row in rows(PROSE / f"{stem}.csv") if any(figure is not None for figure in of_transcription(row))]
    lost = [(row["page"], row["line"], row["kind"], row["subject"]) for row in stated if not is_found(row, found)]
    assert 1 - Decimal(len(lost)) / len(stated) >= RECALL, lost


@pytest.mark.parametrize("stem", TEXTS)
def test_nothing_else_is_found(stem: str) -> None:
    stated = {figure for row in rows(PROSE / f"{stem}.csv") for figure in of_transcription(row) if figure is not None}
    stated |= {-figure for figure in stated}  # 减少-2.10万元 is printed with its sign
    claims = [claim for claim in narrative(stem).claims if any(figure is not None for figure in of_claim(claim))]
    others = [c for c in claims if not any(figure in stated for figure in of_claim(c))]
    assert 1 - Decimal(len(others)) / len(claims) >= PRECISION, [(c.source_page, c.quote[:40]) for c in others]


def test_over_all_documents_99_of_100_are_found() -> None:
    lost = total = 0
    for stem in TEXTS:
        found = list(narrative(stem).claims)
        stated = [row for row in rows(PROSE / f"{stem}.csv") if any(figure is not None for figure in of_transcription(row))]
        total += len(stated)
        lost += sum(not is_found(row, found) for row in stated)
    assert total == 2728
    assert 1 - Decimal(lost) / total >= Decimal("0.99")


@pytest.mark.parametrize("stem", TEXTS)
def test_comparisons_in_words_are_found(stem: str) -> None:
    """持平 has no figure: all that are stated are found, against the year before (flat) or against the budget (equal)."""
    stated = [r for r in rows(PROSE / f"{stem}.csv") if r["kind"] == "yoy_change" and not any(of_transcription(r))]
    flat = [r for r in stated if r["direction"] == "持平"]
    found = [c for c in narrative(stem).claims if c.direction in ("flat", "equal")]
    assert len(found) >= len(flat)


NOISE = "0123456789.,，%％元万亿（）()、。；：占比增长减少完成年初预算其中分别-—　二〇一"


def test_what_is_read_of_a_damaged_text_can_be_loaded() -> None:
    """Whatever an engine makes of the text, no claim breaks the boundary to staging, which would cost the whole document."""
    source_of = random.Random(20261124)
    judged = []
    for number in range(40):
        characters = list((PROSE / f"{source_of.choice(TEXTS)}.txt").read_text(encoding="utf-8"))
        for _ in range(source_of.choice([5, 50, 500])):
            place = source_of.randrange(len(characters))
            characters[place] = source_of.choice(["", source_of.choice(NOISE), source_of.choice(NOISE) * 20])
        lines = [Line(1, at, text) for at, text in enumerate("".join(characters).splitlines(), start=1) if text.strip()]
        document = Document("text/plain", (Page(1, tuple(lines)),))
        disclosure = Disclosure("某部门", 2022, "final_account", "department", None, True)
        read = read_narrative(document, disclosure)
        parsed = ParsedDocument("text/plain", 1, disclosure, (), (), (), (), (), (), read.sentences, read.claims)
        file = SourceFile(Path(f"{number}.txt"), hashlib.sha256(bytes([number])).hexdigest(), 1)
        judged.append(frames_of(parsed, file, "1", datetime(2026, 11, 24)))
    assert [failure.rule.name for failure in failures_of(judged)] == []
