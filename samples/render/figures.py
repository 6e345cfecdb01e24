"""What a disclosure prints, form by form, before anyone decides how it looks.

Real departments bring their figures as printed (a CSV); simulated ones are computed from their books and rounded cell by cell,
as publishers do. From here on both are the same: texts by form, side, row and column.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from samples.render.ledger import FUNDS, INCOME_SOURCES, MEETINGS, THREE_PUBLIC, Ledger
from samples.render.names import Names

Key = tuple[str, str, str, str]  # form_code, side, row, column

TOTAL = "合计"
APPROPRIATIONS = FUNDS[:3]
PER_UNIT = {"元": Decimal(100), "万元": Decimal(1_000_000)}


@dataclass(slots=True)
class Figures:
    """``cells`` are texts without separators. A row is known by its code, else by what it is about (a word such as
    ``total_income``), else, for real disclosures, by its printed label. ``rows`` are the coded rows in printed order."""

    cells: dict[Key, str] = field(default_factory=dict)
    rows: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def get(self, form: str, side: str, row: str, column: str) -> str | None:
        return self.cells.get((form, side, row, column))

    def decimal(self, form: str, row: str, column: str, side: str = "") -> Decimal:
        """The printed figure as a number, nothing counting as 0."""
        text = self.get(form, side, row, column)
        try:
            return Decimal(text or 0)
        except ArithmeticError:
            return Decimal(0)


@dataclass(frozen=True, slots=True)
class Style:
    """How amounts are printed: unit, decimals, and what stands for nothing."""

    unit: str = "万元"
    decimals: int = 2
    zero: str = "0.00"

    def text(self, cents: int) -> str:
        if not cents:
            return self.zero
        step = Decimal(1).scaleb(-self.decimals)
        return str((Decimal(cents) / PER_UNIT[self.unit]).quantize(step, ROUND_HALF_UP))


def real_figures(path: Path) -> Figures:
    """Figures as printed by a real department. A label that occurs twice in a column gets ``#2``."""
    figures = Figures()
    seen: Counter[Key] = Counter()
    with path.open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            form, code, label = record["form_code"], record["row_code"], record["row_label"]
            key = (form, record["side"], code or label, record["column_code"])
            seen[key] += 1
            if seen[key] > 1:
                key = (form, record["side"], f"{code or label}#{seen[key]}", record["column_code"])
            figures.cells[key] = record["amount"]
            rows = figures.rows.setdefault(form, [])
            if code and (code, label) not in rows:
                rows.append((code, label))
    return figures


def _levels(code: str) -> Iterable[str]:
    """An item with its section and its class (an economic section with its class)."""
    return [code[:n] for n in (3, 5, 7) if n <= len(code)]


class _Sheet:
    """Collects the amounts of one form by code, every level and the total at once."""

    def __init__(self, columns: Iterable[str]) -> None:
        self.columns = tuple(columns)
        self.amounts: dict[tuple[str, str], int] = defaultdict(int)

    def add(self, code: str, column: str, amount: int) -> None:
        for row in (*_levels(code), TOTAL):
            self.amounts[row, column] += amount

    def codes(self) -> list[str]:
        return sorted({row for row, _ in self.amounts if row != TOTAL})

    def write(self, figures: Figures, form: str, names: Callable[[str], str], style: Style) -> None:
        codes = [c for c in self.codes() if any(self.amounts[c, k] for k in self.columns)]
        figures.rows[form] = [(code, names(code)) for code in codes]
        for row in (*codes, TOTAL):
            for column in self.columns:
                figures.cells[form, "", row, column] = style.text(self.amounts[row, column])


def simulated_figures(ledger: Ledger, names: Names, style: Style, named: int = 0) -> Figures:
    """Every form of a department for which the books have something to say, with the names of their year or of another."""
    figures = Figures()
    functional = names.functional(named or ledger.year)
    economic = names.economic(named or ledger.year)
    _income(figures, ledger, functional, style)
    _expenditure(figures, ledger, functional, style)
    _funds(figures, ledger, functional, style)
    _summaries(figures, ledger, style)
    _economic(figures, ledger, economic, style)
    _three_public(figures, ledger, style)
    _supplement(figures, ledger, style)
    _agency(figures, ledger, economic, style)
    _purposes(figures, ledger, style)
    return figures


def _income(figures: Figures, ledger: Ledger, names: Callable[[str], str], style: Style) -> None:
    sheet = _Sheet(("total", "appropriation", *INCOME_SOURCES))
    for (code, source), amount in ledger.income.items():
        sheet.add(code, "appropriation" if source in APPROPRIATIONS else source, amount)
        sheet.add(code, "total", amount)
    sheet.write(figures, "income", names, style)


def _expenditure(figures: Figures, ledger: Ledger, names: Callable[[str], str], style: Style) -> None:
    other = ("remittance_to_superior", "business_expenditure", "subsidy_to_subordinate")
    everything = _Sheet(("total", "basic", "project", *other))
    appropriation = _Sheet(("total", "basic", "project"))
    for (code, fund, kind), amount in ledger.expenditure.items():
        everything.add(code, kind, amount)
        everything.add(code, "total", amount)
        if fund in APPROPRIATIONS:
            appropriation.add(code, kind, amount)
            appropriation.add(code, "total", amount)
    everything.write(figures, "expenditure", names, style)
    appropriation.write(figures, "appropriation_expenditure", names, style)


def _funds(figures: Figures, ledger: Ledger, names: Callable[[str], str], style: Style) -> None:
    forms = {
        "general_public_budget": "general_budget_expenditure",
        "government_funds": "government_funds",
        "state_capital": "state_capital",
    }
    columns = ("opening_balance", "income", "total", "basic", "project", "closing_balance")
    for fund, form in forms.items():
        sheet = _Sheet(columns)
        for (code, f, kind), amount in ledger.expenditure.items():
            if f == fund:
                sheet.add(code, kind, amount)
                sheet.add(code, "total", amount)
        for column, entries in (
            ("opening_balance", ledger.opening),
            ("income", ledger.income),
            ("closing_balance", ledger.closing),
        ):
            for (code, f), amount in entries.items():
                if f == fund:
                    sheet.add(code, column, amount)
        if sheet.amounts:
            sheet.write(figures, form, names, style)


def _summaries(figures: Figures, ledger: Ledger, style: Style) -> None:
    opening = _by_fund(ledger.opening)
    closing = _by_fund(ledger.closing)
    income: dict[str, int] = defaultdict(int)
    for (_, source), amount in ledger.income.items():
        income[source] += amount
    income["appropriation"] = sum(income[f] for f in APPROPRIATIONS)
    income["total_income"] = sum(ledger.income.values())
    income["use_of_surplus"] = ledger.use_of_surplus
    income["opening_balance"] = sum(opening.values())
    income["grand_total"] = income["total_income"] + ledger.use_of_surplus + income["opening_balance"]
    spent: dict[str, int] = defaultdict(int)
    for (code, _, _), amount in ledger.expenditure.items():
        spent[code[:3]] += amount
    spent["total_expenditure"] = sum(ledger.expenditure.values())
    spent["surplus_distribution"] = ledger.surplus_distribution
    spent["closing_balance"] = sum(closing.values())
    spent["grand_total"] = spent["total_expenditure"] + ledger.surplus_distribution + spent["closing_balance"]
    if income["grand_total"] != spent["grand_total"]:
        raise ValueError(f"{ledger.year}: income {income['grand_total']} and expenditure {spent['grand_total']} differ")
    for side, lines in (("income", income), ("expenditure", spent)):
        for line, amount in lines.items():
            figures.cells["income_expenditure_summary", side, line, "total"] = style.text(amount)
    _appropriation_summary(figures, ledger, income, style)


def _appropriation_summary(figures: Figures, ledger: Ledger, income: Mapping[str, int], style: Style) -> None:
    opening = _by_fund(ledger.opening)
    closing = _by_fund(ledger.closing)
    received: dict[str, int] = {f: income[f] for f in APPROPRIATIONS}
    received["total_income"] = income["appropriation"]
    received["opening_balance"] = sum(opening[f] for f in APPROPRIATIONS)
    for fund in APPROPRIATIONS:
        received["opening_" + fund] = opening[fund]
    received["grand_total"] = received["total_income"] + received["opening_balance"]
    for line, amount in received.items():
        figures.cells["appropriation_summary", "income", line, "total"] = style.text(amount)
    by_class: dict[tuple[str, str], int] = defaultdict(int)
    for (code, fund, _), amount in ledger.expenditure.items():
        if fund not in APPROPRIATIONS:
            continue
        for line in (code[:3], "total_expenditure", "grand_total"):
            by_class[line, fund] += amount
    for fund in APPROPRIATIONS:
        by_class["closing_balance", fund] += closing[fund]
        by_class["grand_total", fund] += closing[fund]
    for line in sorted({line for line, _ in by_class}):
        by_class[line, "total"] = sum(by_class[line, f] for f in APPROPRIATIONS)
        for column in ("total", *APPROPRIATIONS):
            figures.cells["appropriation_summary", "expenditure", line, column] = style.text(by_class[line, column])


def _by_fund(balances: Mapping[tuple[str, str], int]) -> dict[str, int]:
    total = dict.fromkeys(FUNDS, 0)
    for (_, fund), amount in balances.items():
        total[fund] += amount
    return total


def _economic(figures: Figures, ledger: Ledger, names: Callable[[str], str], style: Style) -> None:
    """By economic class: the basic form, the detail of basic and project, and the sums 人员经费 and 公用经费."""
    basic = _Sheet(("total", "personnel", "operating"))
    detail = _Sheet(("total", "basic", "project"))
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for (section, kind), amount in ledger.economic.items():
        group = "人员经费合计" if section[:3] in ("301", "303") else "公用经费合计"
        detail.add(section, kind, amount)
        detail.add(section, "total", amount)
        sums[group, "both"] += amount
        if kind == "basic":
            basic.add(section, "total", amount)
            basic.add(section, "personnel" if group == "人员经费合计" else "operating", amount)
            sums[group, "basic"] += amount
    basic.write(figures, "general_budget_economic", names, style)
    detail.write(figures, "appropriation_detail", names, style)
    for group in ("人员经费合计", "公用经费合计"):
        figures.cells["general_budget_economic", "", group, "total"] = style.text(sums[group, "basic"])
        figures.cells["appropriation_detail", "", group, "total"] = style.text(sums[group, "both"])
        figures.cells["appropriation_detail", "", group, "basic"] = style.text(sums[group, "basic"])


def _agency(figures: Figures, ledger: Ledger, names: Callable[[str], str], style: Style) -> None:
    """机关运行经费 by economic section, as budgets list it."""
    sheet = _Sheet(("total",))
    for (section, kind), amount in ledger.economic.items():
        if kind == "basic" and section[:3] not in ("301", "303"):
            sheet.add(section, "total", amount)
    sheet.write(figures, "agency_operating_expenses", names, style)


def _purposes(figures: Figures, ledger: Ledger, style: Style) -> None:
    """Expenditure by 支出用途: basic and project, of all funds and of appropriations."""
    for form, funds in (("income_expenditure_summary", FUNDS), ("appropriation_summary", APPROPRIATIONS)):
        total = 0
        for purpose in ("basic", "project"):
            amount = sum(a for (_, fund, kind), a in ledger.expenditure.items() if kind == purpose and fund in funds)
            figures.cells[form, "purpose", purpose, "total"] = style.text(amount)
            total += amount
        figures.cells[form, "purpose", "total_expenditure", "total"] = style.text(total)
    by_source: dict[str, int] = defaultdict(int)
    for (_, source), amount in ledger.income.items():
        by_source[source if source in APPROPRIATIONS else "own"] += amount
    figures.cells["income_expenditure_summary", "income", "own", "total"] = style.text(by_source["own"])
    for row, source in (("fund_general", "general_public_budget"), ("fund_government", "government_funds"), ("fund_own", "own")):
        figures.cells["income", "", row, "total"] = style.text(by_source[source])


def _three_public(figures: Figures, ledger: Ledger, style: Style) -> None:
    for phase in ("initial_budget", "budget", "final"):
        parts = {m: ledger.three_public[phase, m] for m in THREE_PUBLIC + MEETINGS}
        parts["vehicles"] = parts["vehicle_purchase"] + parts["vehicle_operation"]
        parts["three_public_subtotal"] = sum(parts[m] for m in THREE_PUBLIC)
        parts["with_meetings"] = parts["three_public_subtotal"] + parts["meetings"] + parts["training"]
        for measure, amount in parts.items():
            figures.cells["three_public_expenses", "", phase, measure] = style.text(amount)


def _supplement(figures: Figures, ledger: Ledger, style: Style) -> None:
    """Procurement, agency operating expenses and assets. Counts are counts in whatever unit amounts are."""

    def put(form: str, row: str, column: str, amount: int) -> None:
        figures.cells[form, "", row, column] = style.text(amount)

    bought = {"合计": sum(ledger.procurement.values())}
    bought |= {label: ledger.procurement.get(k, 0) for k, label in (("goods", "货物"), ("works", "工程"), ("services", "服务"))}
    for label, amount in bought.items():
        put("supplementary_information", label, "total", amount)
        put("government_procurement", label, "total", amount)
        put("government_procurement", label, "general_public_budget", amount)
    operating = sum(
        amount for (section, kind), amount in ledger.economic.items() if kind == "basic" and section[:3] not in ("301", "303")
    )
    put("supplementary_information", "（一）行政单位", "total", operating)
    put("three_public_expenses", "budget", "agency_operating_expenses", operating)
    counts = {**ledger.vehicles, "vehicles_total": sum(ledger.vehicles.values()), **ledger.equipment}
    for name, count in counts.items():
        text = str(count) if count else ("" if style.zero in ("", "——", "-") else "0")
        figures.cells["state_assets", "", TOTAL, name] = text
        figures.cells["supplementary_information", "", name, "total"] = text
