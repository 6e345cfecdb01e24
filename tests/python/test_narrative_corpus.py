"""The prose of real documents against what was transcribed from it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import pytest

from ingest.document import Document, Line
from ingest.narrative import Narrative, read_narrative
from ingest.parsed import Claim, Disclosure
from ingest.readers import read_document
from ingest.text import squash
from tests.python.test_corpus import find, rows

NARRATIVES = {
    "putuo_finance_2024": "上海市普陀区财政局2024年度部门决算.pdf",
    "putuo_planning_2024": "上海市普陀区规划和自然资源局2024年度部门决算.pdf",
    "jincheng_approval_2022": "晋城市行政审批服务管理局2022年度部门决算公开.txt",
    "jiangsu_congress_budget_2018": "江苏省人大办公厅__省人大办公厅2018预算公开.pdf",
    "jiangsu_congress_budget_2019": "江苏省人大办公厅__江苏省人大常委会2019年度部门预算公开.pdf",
}
KINDS = {"amount": "amount", "share_of": "share", "yoy_change": "change", "budget_completion": "completion", "count": "count"}
FACTOR = {"元": Decimal(1), "万元": Decimal(10000), "亿元": Decimal(100000000)}
MINIMUM = Decimal("0.97")
Figures = tuple[Decimal | None, Decimal | None, Decimal | None]


@cache
def document(path: Path) -> Document:
    return read_document(path)


@cache
def narrative(path: Path, gold: str) -> Narrative:
    kind = "budget" if "budget" in gold else "final_account"
    return read_narrative(document(path), Disclosure("某部门", int(gold[-4:]), kind, "department", None, False))


def number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def times(value: Decimal | None, unit: str | None) -> Decimal | None:
    return None if value is None else value * FACTOR.get(unit or "", Decimal(1))


def of_claim(claim: Claim) -> Figures:
    return times(claim.printed_value, claim.unit), times(claim.printed_delta, claim.delta_unit), claim.printed_percent


def of_transcription(row: dict[str, str]) -> Figures:
    delta = number(row["delta"])
    unit = row.get("delta_unit") or row["unit"]
    return times(number(row["value"]), row["unit"]), times(None if delta is None else abs(delta), unit), number(row["percent"])


def is_found(row: dict[str, str], found: list[Claim]) -> bool:
    wanted = of_transcription(row)
    return any(
        claim.claim_kind == KINDS[row["kind"]]
        and all(want is None or want == have for want, have in zip(wanted, of_claim(claim), strict=True))
        for claim in found
    )


@pytest.mark.parametrize("gold", NARRATIVES)
def test_claims_are_found_with_their_figures(corpus: Path, gold: str) -> None:
    found = list(narrative(find(corpus, NARRATIVES[gold]), gold).claims)
    transcribed = rows(corpus / "gold" / gold / "narrative_claims.csv")
    overview = corpus / "gold" / gold / "overview_claims.csv"
    transcribed += rows(overview) if overview.exists() else []
    stated = [row for row in transcribed if any(figure is not None for figure in of_transcription(row))]
    lost = [(row["kind"], row["subject"], *of_transcription(row)) for row in stated if not is_found(row, found)]
    assert len(stated) > 60
    assert 1 - Decimal(len(lost)) / len(stated) >= MINIMUM, lost


@pytest.mark.parametrize("gold", NARRATIVES)
def test_every_claim_stands_where_it_says(corpus: Path, gold: str) -> None:
    """Verbatim on its page; only where a page ends between the figures of a claim does its sentence stand on two."""
    path = find(corpus, NARRATIVES[gold])
    pages = {
        page.number: "".join(squash(block.text) for block in page.blocks if isinstance(block, Line))
        for page in document(path).pages
    }
    read = narrative(path, gold)
    torn = [claim for claim in read.claims if claim.quote not in pages[claim.source_page]]
    sentences = {sentence.sentence_order: sentence for sentence in read.sentences}
    for claim in torn:
        sentence = sentences[claim.sentence_order]
        assert claim.quote == sentence.text
        assert sentence.source_page <= claim.source_page <= sentence.last_page == sentence.source_page + 1
    assert len(torn) <= len(read.claims) * Decimal("0.05")


@pytest.mark.parametrize("gold", NARRATIVES)
def test_no_claim_is_empty(corpus: Path, gold: str) -> None:
    for claim in narrative(find(corpus, NARRATIVES[gold]), gold).claims:
        assert any(figure is not None for figure in of_claim(claim)) or claim.direction is not None
        assert claim.subject
        if claim.claim_kind == "change":
            assert claim.direction is not None and claim.compared_with is not None
        if claim.claim_kind in ("share", "completion"):
            assert claim.printed_percent is not None or claim.direction is not None


def test_what_the_prose_of_2022_implies_about_2021(corpus: Path) -> None:
    """机关运行经费支出1,775,577.28元，比2021年增加435,777.28元，增长32.53%: it was 1,339,800.00 the year before."""
    gold = "jincheng_approval_2022"
    claims = narrative(find(corpus, NARRATIVES[gold]), gold).claims
    change = next(c for c in claims if c.claim_kind == "change" and c.measure == "agency_operating_expenses")
    assert change.printed_value is not None and change.printed_delta is not None
    assert (change.direction, change.compared_with) == ("increase", "2021")
    assert change.printed_value - change.printed_delta == Decimal("1339800.00")
