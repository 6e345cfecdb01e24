"""The prose of invented disclosures in the wording of many provinces: what it states is found, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from ingest.narrative import Narrative, read_narrative
from ingest.parsed import Disclosure
from ingest.readers import read_document
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
