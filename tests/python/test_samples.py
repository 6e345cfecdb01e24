"""The sample disclosures: made by their specifications, carrying real figures unchanged, and adding up except where planned."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest

from samples.render.__main__ import differences
from samples.render.build import write_all

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
EXPECTED = SAMPLES / "expected"
IN_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}
CODED = (
    "income",
    "expenditure",
    "general_budget_expenditure",
    "government_funds",
    "state_capital",
    "appropriation_detail",
    "appropriation_expenditure",
    "appropriation_economic",
    "agency_operating_expenses",
)

Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


DISCLOSURES = rows(EXPECTED / "disclosures.csv")
PLANTED = rows(EXPECTED / "planted_mistakes.csv")


def amounts(file_name: str) -> list[Row]:
    return rows(EXPECTED / f"{file_name}.csv")


@dataclass(frozen=True)
class Sum:
    """A printed total and the printed parts it should be the sum of."""

    form: str
    row: str
    column: str
    total: Decimal
    parts: tuple[Decimal, ...]
    step: Decimal  # one unit of the last printed digit

    @property
    def holds(self) -> bool:
        """Figures in 元 with two decimals are exact; others stand for half a unit of their last digit more or less."""
        rounding = 0 if self.step <= Decimal("0.01") else (len(self.parts) + 1) * self.step / 2
        return abs(self.total - sum(self.parts)) <= rounding


Printed = dict[tuple[str, str, str, str], tuple[Decimal, Decimal]]  # form, side, row, column: value in 元, last digit


def sums_by_code(figures: Printed) -> Iterator[Sum]:
    """Every total of coded rows against the level below."""
    children: dict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
    for (form, _, row, column), (value, _) in figures.items():
        if not row.isdigit():
            continue
        if form in CODED:
            children[form, row[:-2] if len(row) > 3 else "合计", column].append(value)
        elif form == "general_budget_economic" and len(row) > 3:
            children[form, row[:3], column].append(value)
        elif form == "general_budget_economic":
            group = "人员经费合计" if row in ("301", "303") else "公用经费合计"
            children[form, group, column].append(value)
    for (form, row, column), parts in children.items():
        if (form, "", row, column) in figures:
            total, step = figures[form, "", row, column]
            yield Sum(form, row, column, total, tuple(parts), step)


def sums(file_name: str) -> Iterator[Sum]:
    """Every total of coded rows against the level below, every row against its columns, both sides of the summaries. In 元."""
    figures: Printed = {}
    for r in amounts(file_name):
        if r["unit"] not in IN_YUAN:
            continue
        step = Decimal(1).scaleb(-len(r["amount"].partition(".")[2])) * IN_YUAN[r["unit"]]
        key = (r["form_code"], r["side"], r["row_code"] or r["row_label"], r["column_code"])
        figures.setdefault(key, (Decimal(r["amount"]) * IN_YUAN[r["unit"]], step))
    yield from sums_by_code(figures)
    for (form, side, row, column), (value, step) in figures.items():
        if column == "total" and form in ("expenditure", "general_budget_expenditure"):
            kinds = ("basic", "project", "remittance_to_superior", "business_expenditure", "subsidy_to_subordinate")
            parts = tuple(figures[form, side, row, k][0] for k in kinds if (form, side, row, k) in figures)
            if parts:  # some budgets print no more than the total
                yield Sum(form, row, column, value, parts, step)
        if form == "income_expenditure_summary" and side == "expenditure" and row == "总计":
            names = ("本年支出合计", "结余分配", "年末结转和结余")
            parts = tuple(figures[form, side, n, "total"][0] for n in names if (form, side, n, "total") in figures)
            yield Sum(form, row, column, value, parts, step)
            yield Sum(form, row, "both sides", value, (figures[form, "income", row, "total"][0],), step)


def simulated() -> list[str]:
    return [d["file_name"] for d in DISCLOSURES if d["is_simulated"] == "true" and d["forms"]]


def claims(file_name: str) -> list[Row]:
    path = EXPECTED / f"{file_name}.claims.csv"
    return rows(path) if path.exists() else []


def told() -> list[str]:
    """The files that hold explanations: all but those whose explanations are a file of their own."""
    return [d["file_name"] for d in DISCLOSURES if claims(d["file_name"])]


def test_committed_files_are_what_the_specifications_make(tmp_path: Path) -> None:
    write_all(SAMPLES, tmp_path)
    assert differences(tmp_path, SAMPLES) == []


def test_samples_stay_small() -> None:
    sizes = {p.name: p.stat().st_size for p in (SAMPLES / "disclosures").iterdir()}
    assert {name: size for name, size in sizes.items() if size >= 80_000} == {}
    assert sum(sizes.values()) < 4_000_000


def test_real_departments_carry_their_published_figures_and_no_others() -> None:
    for d in (d for d in DISCLOSURES if d["is_simulated"] == "false"):
        published = rows(SAMPLES / "specs" / "real" / f"{d['department_name']}{d['fiscal_year']}.csv")
        assert Counter(tuple(r.values()) for r in amounts(d["file_name"])) == Counter(tuple(r.values()) for r in published)


@pytest.mark.parametrize(
    ("gold", "department"),
    [
        ("putuo_finance_2024", "上海市普陀区财政局2024"),
        ("putuo_planning_2024", "上海市普陀区规划和自然资源局2024"),
        ("jincheng_approval_2022", "晋城市行政审批服务管理局2022"),
    ],
)
def test_real_figures_are_those_of_the_transcriptions(corpus: Path, gold: str, department: str) -> None:
    assert rows(SAMPLES / "specs" / "real" / f"{department}.csv") == rows(corpus / "gold" / gold / "cells.csv")


@pytest.mark.parametrize("file_name", simulated())
def test_totals_hold_except_where_a_mistake_is_planted(file_name: str) -> None:
    checked = list(sums(file_name))
    assert len(checked) > 30  # the forms of some budgets have but one column
    broken = {(s.form, s.row, s.column) for s in checked if not s.holds}
    planted = [m for m in PLANTED if m["file_name"] == file_name and m["kind"] == "arithmetic"]
    if not planted:
        assert broken == set()
    for mistake in planted:
        # A wrong figure breaks its own row or the row above it, in its own form, and nothing else.
        assert broken
        row = mistake["row"]
        near = {row, row[:3], row[:-2], "合计"}
        assert {(f, r in near) for f, r, _ in broken} == {(mistake["form_code"], True)}


def test_each_planted_amount_is_printed_and_would_hold_if_it_were_right() -> None:
    wrong = [m for m in PLANTED if m["kind"] in ("arithmetic", "within_rounding")]
    assert {m["kind"] for m in wrong} == {"arithmetic", "within_rounding"}
    for m in wrong:
        printed = [
            r["amount"]
            for r in amounts(m["file_name"])
            if (r["form_code"], r["row_code"] or r["row_label"], r["column_code"]) == (m["form_code"], m["row"], m["column_code"])
        ]
        assert printed == [m["printed"]]
        assert m["printed"] != m["should_be"]


def test_a_year_opens_with_what_the_year_before_left() -> None:
    balances: dict[tuple[str, int], dict[str, tuple[Decimal, Decimal]]] = {}
    for d in (d for d in DISCLOSURES if d["kind"] == "final_account"):
        found: dict[str, tuple[Decimal, Decimal]] = {}
        for r in amounts(d["file_name"]):
            if r["form_code"] == "income_expenditure_summary" and r["row_label"] in ("年初结转和结余", "年末结转和结余"):
                step = Decimal(1).scaleb(-len(r["amount"].partition(".")[2])) * IN_YUAN[r["unit"]]
                found[r["row_label"][:2]] = (Decimal(r["amount"]) * IN_YUAN[r["unit"]], step)
        balances[d["department_name"], int(d["fiscal_year"])] = found
    compared = 0
    renamed = {"云岭省澜溪市自然资源和规划局": ["云岭省澜溪市国土资源局"]}
    merged = {"云岭省澜溪市文化和旅游局": ["云岭省澜溪市文化广电新闻出版局", "云岭省澜溪市旅游发展委员会"]}
    for (department, year), found in balances.items():
        names = [department] if (department, year - 1) in balances else {**renamed, **merged}.get(department, [])
        before = [balances.get((n, year - 1)) for n in names]
        if not before or any(b is None for b in before):
            continue
        closed = [b["年末"] for b in before if b is not None and "年末" in b]
        opened = found["年初"]
        assert abs(opened[0] - sum(c[0] for c in closed)) <= sum(s for _, s in (opened, *closed)) / 2, (department, year)
        compared += 1
    assert compared >= 23


def test_names_are_those_of_their_year() -> None:
    seen: dict[tuple[str, str], set[int]] = defaultdict(set)
    for d in DISCLOSURES:
        for r in amounts(d["file_name"]):
            if r["row_code"]:
                seen[r["row_code"], r["row_label"]].add(int(d["fiscal_year"]))
    assert max(seen["20805", "行政事业单位离退休"]) == 2019
    assert min(seen["20805", "行政事业单位养老支出"]) == 2020
    assert max(seen["210", "医疗卫生与计划生育支出"]) == 2018
    assert min(seen["224", "灾害防治及应急管理支出"]) == 2019
    assert max(seen["30104", "其他社会保障缴费"]) == max(seen["30311", "住房公积金"]) == 2017
    assert min(seen["30112", "其他社会保障缴费"]) == min(seen["30113", "住房公积金"]) == 2018


def text_of(file_name: str) -> str:
    """The whole text without white space."""
    path = SAMPLES / "disclosures" / file_name
    if path.suffix != ".pdf":
        return "".join(path.read_text(encoding="utf-8").split())
    with closing(pypdfium2.PdfDocument(path)) as pdf:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in pdf)


def test_each_cover_and_each_form_says_whether_it_is_simulated() -> None:
    for d in DISCLOSURES:
        text = text_of(d["file_name"])
        if d["is_simulated"] == "true":
            forms = [f for f in d["forms"].split(";") if f and not f.endswith("=missing")]
            assert text.count("本资料为模拟数据，机构与金额均为虚构") == 1 + len(forms), d["file_name"]
        else:
            assert "本文件由juesuan项目依据公开数据重新排版" in text[:200], d["file_name"]
            assert "模拟数据" not in text, d["file_name"]


def test_real_and_simulated_departments_share_no_name() -> None:
    names = {kind: {d["department_name"] for d in DISCLOSURES if d["is_simulated"] == kind} for kind in ("true", "false")}
    assert all(name.startswith("云岭省澜溪市") for name in names["true"])
    assert not names["true"] & names["false"]


def test_a_planted_missing_form_is_listed_in_the_contents_only() -> None:
    for m in (m for m in PLANTED if m["kind"] == "missing_form"):
        assert text_of(m["file_name"]).count(m["should_be"]) == 1


def test_planted_heads_name_another_department_or_year() -> None:
    heads = {m["kind"]: m for m in PLANTED if m["kind"] in ("wrong_department", "wrong_year")}
    assert "部门：" + heads["wrong_department"]["printed"] in text_of(heads["wrong_department"]["file_name"])
    assert heads["wrong_year"]["printed"] + "年度" in text_of(heads["wrong_year"]["file_name"])


@pytest.mark.parametrize(
    "file_name",
    [
        "上海市普陀区财政局2024年度部门决算.pdf",  # digits on a shifted baseline
        "云岭省澜溪市应急管理局2023年度部门决算.pdf",  # a row that breaks at the page end
        "云岭省澜溪市司法局2019年度部门决算.pdf",  # several forms on a page
    ],
)
def test_the_bare_library_finds_every_printed_amount(file_name: str) -> None:
    found: Counter[str] = Counter()
    with pdfplumber.open(SAMPLES / "disclosures" / file_name) as pdf:
        for page in pdf.pages:
            for table in page.extract_tables():
                found.update(re.sub(r"[\s,]", "", cell) for row in table for cell in row if cell)
            page.close()
    assert Counter(r["amount"] for r in amounts(file_name)) - found == Counter()


# -- budgets


def interval(text: str, unit: str) -> tuple[Decimal, Decimal]:
    """The value of a printed figure in 元, and half a unit of its last digit."""
    scale = IN_YUAN.get(unit, Decimal(1))
    return Decimal(text) * scale, Decimal(1).scaleb(-len(text.partition(".")[2])) * scale / 2


def meet(one: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]) -> bool:
    return abs(one[0] - other[0]) <= one[1] + other[1]


def of_kind(kind: str) -> dict[tuple[str, str], str]:
    """Files with forms by department and year."""
    return {(d["department_name"], d["fiscal_year"]): d["file_name"] for d in DISCLOSURES if d["kind"] == kind and d["forms"]}


def printed(file_name: str, form: str, row: str, column: str) -> tuple[Decimal, Decimal] | None:
    for r in amounts(file_name):
        if (r["form_code"], r["row_code"] or r["row_label"], r["column_code"]) == (form, row, column):
            return interval(r["amount"], r["unit"])
    return None


def test_budgets_cover_the_years_in_both_layouts() -> None:
    budgets = [d for d in DISCLOSURES if d["kind"] == "budget"]
    assert {d["fiscal_year"] for d in budgets} == {str(y) for y in range(2018, 2025)}
    layouts = Counter(d["layout"] for d in budgets if d["forms"])
    assert layouts == {"shanghai_budget": 11, "jiangsu_budget": 7, "jiangsu_two_files": 3}
    for d in budgets:
        assert len(d["forms"].split(";")) == {"": 1}.get(d["forms"], 9 if d["layout"] == "shanghai_budget" else 12)


def test_the_ninth_form_of_a_budget_in_yuan_is_in_ten_thousands() -> None:
    for d in (d for d in DISCLOSURES if d["layout"] == "shanghai_budget"):
        units = {r["form_code"] == "three_public_expenses": r["unit"] for r in amounts(d["file_name"])}
        assert units == {False: "元", True: "万元"}


def test_the_initial_budget_of_a_final_account_is_that_of_the_budget() -> None:
    finals, compared = of_kind("final_account"), 0
    for key, budget in of_kind("budget").items():
        if key not in finals:
            continue
        planned = printed(budget, "general_budget_expenditure", "合计", "total")
        assert planned is not None
        for c in claims(finals[key]):
            if c["claim_kind"] == "amount" and c["subject"] == "一般公共预算财政拨款支出年初预算":
                assert meet(interval(c["value"], c["unit"]), planned), key
                compared += 1
    assert compared >= 19


def test_the_budgeted_three_public_expenses_are_those_of_the_budget() -> None:
    finals, compared = of_kind("final_account"), 0
    for key, budget in of_kind("budget").items():
        phase = "initial_budget" if key == ("云岭省澜溪市国土资源局", "2018") else "budget"
        for column in ("overseas_travel", "vehicles", "official_reception"):
            planned = printed(budget, "three_public_expenses", "budget", column)
            stated = printed(finals[key], "three_public_expenses", phase, column) if key in finals else None
            if planned and stated:
                assert meet(planned, stated), (key, column)
                compared += 1
    assert compared >= 40


# -- explanations


def test_explanations_come_in_many_styles() -> None:
    """At least five ways to write, the text before the forms, behind them, and in a file of its own."""
    styles = {p.stem for p in (SAMPLES / "render" / "styles").glob("*.yml")} - {"common"}
    assert len(styles) >= 10
    alone = [d["file_name"] for d in DISCLOSURES if not d["forms"]]
    assert len(alone) == 3
    assert {f.rpartition(".")[2] for f in told()} == {"pdf", "txt", "md"}
    kinds = Counter(c["claim_kind"] for f in told() for c in claims(f))
    assert {k for k, n in kinds.items() if n > 200} == {"amount", "share", "change", "completion", "count"}
    directions = Counter(c["direction"] for f in told() for c in claims(f))
    assert {k for k, n in directions.items() if n > 20} >= {"increase", "decrease", "flat", "above", "below", "equal"}


@pytest.mark.parametrize("file_name", told())
def test_each_claim_is_printed_in_its_sentence(file_name: str) -> None:
    text = text_of(file_name)
    found = claims(file_name)
    for c in found:
        assert c["section"]
        assert c["page"]
        # A page number may stand inside a sentence that runs over a page, OCR leaves white space, which is gone here.
        assert c["sentence"] in text or c["sentence"][:12] in text or c["sentence"][-12:] in text, c
        bare = c["sentence"].replace(",", "")
        for figure in (c["value"] if c["claim_kind"] != "change" else "", c["delta"], c["percent"]):
            assert figure in bare, c
    # What a sentence prints in money or percent is in a claim.
    claimed = Counter(f for c in found for f in {(c["sentence"], c[k]) for k in ("value", "delta", "percent")})
    for sentence in {c["sentence"] for c in found}:
        for figure in re.findall(r"(\d[\d.]*)(?:万元|元|%)(?!以上|（含）)", sentence.replace(",", "")):
            assert (sentence, figure) in claimed, (sentence, figure)


@pytest.mark.parametrize("file_name", told())
def test_changes_follow_from_their_figures_except_where_a_mistake_is_planted(file_name: str) -> None:
    wrong = {m["row"] for m in PLANTED if m["file_name"] == file_name and m["kind"] == "inverted_growth"}
    for c in claims(file_name):
        if c["claim_kind"] != "change" or not (c["value"] and c["delta"] and c["percent"]) or c["direction"] == "flat":
            continue
        now, now_half = interval(c["value"], c["unit"])
        delta, delta_half = interval(c["delta"], c["delta_unit"])
        then = now - delta if c["direction"] == "increase" else now + delta
        slack = now_half + delta_half
        low = (delta - delta_half) / (then + slack) * 100
        high = (delta + delta_half) / (then - slack) * 100 if then > slack else Decimal("Infinity")
        percent, half = interval(c["percent"], "")
        holds = low <= percent + half and percent - half <= high
        assert holds == (c["subject"] not in wrong), c


CLAIM_MISTAKES = [m for m in PLANTED if m["where"] == "claim"]


def test_many_kinds_of_mistakes_are_planted_in_sentences() -> None:
    assert len({m["kind"] for m in CLAIM_MISTAKES}) >= 6
    assert len({m["file_name"] for m in CLAIM_MISTAKES}) == len(CLAIM_MISTAKES)


@pytest.mark.parametrize("mistake", CLAIM_MISTAKES, ids=lambda m: m["kind"])
def test_a_mistake_in_a_sentence_is_printed_there_and_in_no_form(mistake: Row) -> None:
    assert mistake["printed"] != mistake["should_be"]
    stated = [c for c in claims(mistake["file_name"]) if c["subject"] == mistake["row"]]
    assert any(mistake["numbers"] in (c["value"], c["delta"], c["percent"]) for c in stated)
    if mistake["unit"] in IN_YUAN and mistake["kind"] == "wrong_sum":
        wrong = interval(mistake["printed"], mistake["unit"])[0]
        assert not any(Decimal(r["amount"]) * IN_YUAN.get(r["unit"], 1) == wrong for r in amounts(mistake["file_name"]))


def test_a_class_share_that_is_wrong_breaks_the_sum_of_the_shares() -> None:
    (mistake,) = [m for m in CLAIM_MISTAKES if m["kind"] == "wrong_share"]
    shares = [
        Decimal(c["percent"])
        for c in claims(mistake["file_name"])
        if c["claim_kind"] == "share" and c["compared_with"] == "一般公共预算财政拨款支出"
    ]
    assert abs(sum(shares) - 100) > (len(shares) + 1) * Decimal("0.005")


def stated_change(file_name: str, subject: str) -> tuple[Decimal, Decimal] | None:
    """The first change of a subject against last year, signed."""
    for c in claims(file_name):
        if c["claim_kind"] == "change" and c["subject"] == subject and c["compared_with"] != "2019" and c["delta"]:
            delta, half = interval(c["delta"], c["delta_unit"])
            return (-delta if c["direction"] == "decrease" else delta), half
    return None


def test_changes_lead_to_what_the_year_before_published() -> None:
    renamed = {("云岭省澜溪市自然资源和规划局", "2019"): "云岭省澜溪市国土资源局"}
    wrong = {m["file_name"] for m in CLAIM_MISTAKES if m["kind"] == "wrong_prior"}
    compared: Counter[bool] = Counter()
    for kind in ("final_account", "budget"):
        files = of_kind(kind)
        for (department, year), file_name in files.items():
            before = files.get((renamed.get((department, year), department), str(int(year) - 1)))
            told_in = file_name if claims(file_name) else file_name.replace("公开表", "情况说明")
            change = stated_change(told_in, "一般公共预算财政拨款支出") or stated_change(told_in, "一般公共预算财政拨款支出预算")
            now = printed(file_name, "general_budget_expenditure", "合计", "total")
            then = printed(before, "general_budget_expenditure", "合计", "total") if before else None
            if change is None or now is None or then is None:
                continue
            holds = meet((now[0] - change[0], now[1] + change[1]), then)
            assert holds == (file_name not in wrong), file_name
            compared[holds] += 1
    assert compared[True] >= 25
    assert compared[False] == len(wrong) == 1


SHARES = {
    "基本支出": ("expenditure", "basic"),
    "项目支出": ("expenditure", "project"),
    "财政拨款收入": ("income", "appropriation"),
    "其他收入": ("income", "other_income"),
}


@pytest.mark.parametrize("file_name", told())
def test_shares_are_those_of_the_forms(file_name: str) -> None:
    for c in claims(file_name):
        if c["claim_kind"] != "share" or c["subject"] not in SHARES or c["compared_with"] not in ("本年支出合计", "本年收入合计"):
            continue
        form, column = SHARES[c["subject"]]
        part, whole = printed(file_name, form, "合计", column), printed(file_name, form, "合计", "total")
        if part is None or whole is None:
            continue
        percent, half = interval(c["percent"], "")
        assert part[0] - part[1] <= (percent + half) / 100 * (whole[0] + whole[1]), c
        assert part[0] + part[1] >= (percent - half) / 100 * (whole[0] - whole[1]), c


@pytest.mark.parametrize("file_name", told())
def test_a_completion_is_its_outcome_by_the_budget_said_before_it_except_where_a_mistake_is_planted(file_name: str) -> None:
    wrong = {m["row"] for m in PLANTED if m["file_name"] == file_name and m["kind"] == "wrong_completion"}
    found = claims(file_name)
    for budget, c in pairwise(found):
        if (budget["claim_kind"], c["claim_kind"]) != ("amount", "completion") or budget["sentence"] != c["sentence"]:
            continue
        if not ("预算" in budget["subject"] or budget["subject"] == c["subject"]):
            continue
        planned, planned_half = interval(budget["value"], budget["unit"])
        outcome, outcome_half = interval(c["value"], c["unit"])
        percent, half = interval(c["percent"], "")
        low = (outcome - outcome_half) / (planned + planned_half) * 100
        high = (outcome + outcome_half) / (planned - planned_half) * 100 if planned > planned_half else Decimal("Infinity")
        assert (low <= percent + half and percent - half <= high) == (c["subject"] not in wrong), c
