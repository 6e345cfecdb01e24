"""Each bundled sample, parsed: every amount, every form, the identity, and the planted mistakes that parsing can see."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pdfplumber
import pytest

from ingest.text import squash
from tests.python.parsed_samples import SAMPLES, parsed

MONEY = {"元": Decimal(1), "万元": Decimal(10000)}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf8", newline="") as handle:
        return list(csv.DictReader(handle))


DISCLOSURES = rows(SAMPLES / "expected" / "disclosures.csv")
BY_NAME = {d["file_name"]: d for d in DISCLOSURES}
files = pytest.mark.parametrize("file_name", BY_NAME)


@files
def test_every_amount_that_is_printed_is_read_and_no_other(file_name: str) -> None:
    expected = Counter(
        (r["form_code"], r["side"], r["row_code"], r["row_label"], r["column_code"], Decimal(r["amount"]))
        for r in rows(SAMPLES / "expected" / f"{file_name}.csv")
    )
    read = Counter(
        (a.form_code, a.side or "", a.row_code or "", a.row_label, a.column_code, a.printed_value)
        for a in parsed(file_name).amounts
    )
    assert (expected - read, read - expected) == (Counter(), Counter())


@files
def test_money_is_read_in_its_printed_unit(file_name: str) -> None:
    document = parsed(file_name)
    units = {f.form_order: f.unit for f in document.forms}
    wrong = [a for a in document.amounts if a.unit in MONEY and units[a.form_order] in MONEY and a.unit != units[a.form_order]]
    assert wrong == []


@files
def test_the_identity_is_what_the_cover_says(file_name: str) -> None:
    expected, found = BY_NAME[file_name], parsed(file_name).disclosure
    assert (found.department_name, str(found.fiscal_year), found.disclosure_kind, found.reporting_scope) == (
        expected["department_name"],
        expected["fiscal_year"],
        expected["kind"],
        expected["reporting_scope"],
    )
    assert (found.region, found.is_simulated) == (expected["region"], expected["is_simulated"] == "true")


@files
def test_forms_are_present_empty_or_missing_as_they_were_rendered(file_name: str) -> None:
    expected = {f for f in BY_NAME[file_name]["forms"].split(";") if f}
    assert {f"{f.form_code}={f.status}" for f in parsed(file_name).forms} == expected


@pytest.mark.parametrize("mistake", rows(SAMPLES / "expected" / "planted_mistakes.csv"), ids=lambda m: m["kind"])
def test_a_planted_mistake_is_kept_as_printed(mistake: dict[str, str]) -> None:
    document = parsed(mistake["file_name"])
    if mistake["kind"] in ("arithmetic", "within_rounding"):
        printed = [
            a.printed_value
            for a in document.amounts
            if a.form_code == mistake["form_code"]
            and mistake["row"] in (a.row_code, a.row_label)
            and a.column_code == mistake["column_code"]
        ]
        assert Decimal(mistake["printed"]) in printed
    elif mistake["where"] == "claim":
        numbers = [n for c in document.claims for n in (c.printed_value, c.printed_delta, c.printed_percent)]
        assert not mistake["numbers"] or Decimal(mistake["numbers"]) in numbers
    elif mistake["kind"] == "wrong_grade":
        judged = [(p.grade, str(p.total_score)) for p in document.projects if p.project_name == mistake["row"]]
        assert judged == [(mistake["printed"], mistake["numbers"])]
    elif mistake["where"] == "words":
        printed_on = [line.source_page for line in document.text_lines if mistake["printed"] in squash(line.text)]
        assert printed_on == [int(mistake["page"])]
    elif mistake["kind"] == "missing_form":
        assert [n.form_code for n in document.notices if n.kind == "form_missing"] == [mistake["form_code"]]
    else:
        assert [mistake["printed"] in n.message for n in document.notices if n.kind == "identity_disagreement"] == [True]


# -- what the explanations state

Stated = tuple[str, Decimal | None, Decimal | None, Decimal | None, str]


def in_yuan(figure: str | Decimal | None, unit: str | None) -> Decimal | None:
    return None if figure in ("", None) else (Decimal(figure) * MONEY.get(unit or "", Decimal(1))).normalize()


def expected_claims(file_name: str) -> list[dict[str, str]]:
    return rows(SAMPLES / "expected" / f"{file_name}.claims.csv")


TOLD = [f for f in BY_NAME if (SAMPLES / "expected" / f"{f}.claims.csv").exists()]
ANNEXES = {r["file_name"] for r in rows(SAMPLES / "expected" / "projects.csv")}


@pytest.mark.parametrize("file_name", TOLD)
def test_every_claim_of_the_prose_is_read(file_name: str) -> None:
    """Kind, value, percentage, and of a change its amount and direction; the value beside a change may be read or not."""
    expected: Counter[Stated] = Counter()
    for c in expected_claims(file_name):
        change = c["claim_kind"] == "change"
        value = None if change else in_yuan(c["value"], c["unit"])
        direction = c["direction"] if change else ""
        expected[c["claim_kind"], value, in_yuan(c["delta"], c["delta_unit"]), in_yuan(c["percent"], ""), direction] += 1
    read: Counter[Stated] = Counter()
    for claim in parsed(file_name).claims:
        change = claim.claim_kind == "change"
        value = None if change else in_yuan(claim.printed_value, claim.unit)
        direction = (claim.direction or "") if change else ""
        delta = in_yuan(claim.printed_delta, claim.delta_unit)
        read[claim.claim_kind, value, delta, in_yuan(claim.printed_percent, ""), direction] += 1
    assert expected - read == Counter()


@pytest.mark.parametrize("file_name", [f for f in TOLD if f not in ANNEXES])
def test_no_figure_of_a_claim_is_another_than_those_printed_in_prose(file_name: str) -> None:
    figures: set[Decimal | None] = {None}
    for c in expected_claims(file_name):
        figures |= {in_yuan(c["value"], c["unit"]), in_yuan(c["delta"], c["delta_unit"]), in_yuan(c["percent"], "")}
    for claim in parsed(file_name).claims:
        values = (in_yuan(claim.printed_value, claim.unit), in_yuan(claim.printed_delta, claim.delta_unit))
        assert {*values, in_yuan(claim.printed_percent, "")} <= figures, claim


@pytest.mark.parametrize("file_name", [f for f in BY_NAME if f.endswith(".pdf")][::4])
def test_each_amount_stands_where_it_is_said_to_stand(file_name: str) -> None:
    """An independent look: cut each amount's box out of the page with the bare library and read what is there."""
    document = parsed(file_name)
    with pdfplumber.open(SAMPLES / "disclosures" / file_name) as pdf:
        pages = {n: pdf.pages[n - 1] for n in {a.source_page for a in document.amounts}}
        for amount in document.amounts:
            box = amount.box
            assert box is not None
            page = pages[amount.source_page]
            area = (max(box.x0, 0), max(box.top, 0), min(box.x1, page.width), min(box.bottom, page.height))
            text = page.crop(area).extract_text(y_tolerance=6)
            assert squash(text) == squash(amount.amount_text), amount
