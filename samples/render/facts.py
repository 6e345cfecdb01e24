"""What the explanations of a disclosure speak of: measures by name, this year's, last year's and the budget's, in exact 元.

Simulated departments state percentages and changes computed from their books, as publishers do from theirs; only what is
printed is rounded. Real ones have nothing but their printed figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from samples.render.figures import TOTAL, Figures
from samples.render.ledger import fraction

Place = tuple[str, str, str, str]  # form, side, row, column

SUMMARY, APPROPRIATION = "income_expenditure_summary", "appropriation_summary"
GENERAL, ECONOMIC, THREE = "general_budget_expenditure", "general_budget_economic", "three_public_expenses"
SUPPLEMENT = "supplementary_information"

# Where each measure stands in the forms; the first place that has a figure counts. Real forms know some rows by their labels.
PLACES: dict[str, Sequence[Place]] = {
    "grand": [(SUMMARY, "income", row, "total") for row in ("grand_total", "总计")],
    "opening": [(SUMMARY, "income", row, "total") for row in ("opening_balance", "年初结转和结余")],
    "closing": [(SUMMARY, "expenditure", row, "total") for row in ("closing_balance", "年末结转和结余")],
    "income": [("income", "", TOTAL, "total")],
    "spent": [("expenditure", "", TOTAL, "total")],
    "appropriation": [(APPROPRIATION, "income", row, "total") for row in ("grand_total", "总计", "收入总计")],
    "appropriation.income": [("income", "", TOTAL, "appropriation")],
    "appropriation.spent": [("appropriation_expenditure", "", TOTAL, "total")],
    "general": [(GENERAL, "", TOTAL, "total")],
    "personnel": [(ECONOMIC, "", "人员经费合计", column) for column in ("basic", "total")],
    "operating": [(ECONOMIC, "", "公用经费合计", column) for column in ("basic", "total")],
    "wages": [(ECONOMIC, "", "301", "total")],
    "services": [(ECONOMIC, "", "302", "total")],
    "family": [(ECONOMIC, "", "303", "total")],
    "equipment": [(ECONOMIC, "", "310", "total")],
    "agency": [(SUPPLEMENT, "", "（一）行政单位", "total")],
    "procurement": [(SUPPLEMENT, "", "合计", "total")],
    "procurement.goods": [(SUPPLEMENT, "", "货物", "total")],
    "procurement.works": [(SUPPLEMENT, "", "工程", "total")],
    "procurement.services": [(SUPPLEMENT, "", "服务", "total")],
    "general.income": [(SUMMARY, "income", "general_public_budget", "total")],
    "funds.received": [(SUMMARY, "income", "government_funds", "total")],
    "capital.received": [(SUMMARY, "income", "state_capital", "total")],
    **{
        f"income.{source}": [("income", "", TOTAL, source)]
        for source in (
            "appropriation",
            "superior_subsidy",
            "institutional_income",
            "business_income",
            "subordinate_remittance",
            "other_income",
        )
    },
    **{
        f"spent.{kind}": [("expenditure", "", TOTAL, kind)]
        for kind in ("basic", "project", "remittance_to_superior", "business_expenditure", "subsidy_to_subordinate")
    },
    **{f"general.{kind}": [(GENERAL, "", TOTAL, kind)] for kind in ("basic", "project")},
    **{f"appropriation.{kind}": [("appropriation_expenditure", "", TOTAL, kind)] for kind in ("basic", "project")},
    **{
        f"{form}.{column}": [(f"{long}", "", TOTAL, column)]
        for form, long in (("funds", "government_funds"), ("capital", "state_capital"))
        for column in ("opening_balance", "income", "total", "basic", "project", "closing_balance")
    },
    **{
        f"three.{measure}": [(THREE, "", "final", column) for column in (measure, *other)]
        for measure, other in (
            ("total", ()),
            ("overseas_travel", ()),
            ("vehicles", ()),
            ("vehicle_purchase", ()),
            ("vehicle_operation", ()),
            ("official_reception", ()),
            ("meetings", ()),
            ("training", ()),
        )
    },
}
PLACES["three.total"] = [(THREE, "", "final", column) for column in ("three_public_subtotal", "total")]

Y = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Measure:
    """In 元. ``before`` is last year's, ``budget`` the initial budget, ``revised`` the budget as the 三公 form prints it."""

    now: Decimal
    before: Decimal | None = None
    budget: Decimal | None = None
    revised: Decimal | None = None
    earlier: Decimal | None = None  # of 2019, where a later year is compared with it
    executed: Decimal | None = None  # last year's outcome, beside a budget


@dataclass(frozen=True, slots=True)
class Entry:
    """A class or an item of the general public budget that the text lists."""

    key: str
    names: Mapping[str, str]


@dataclass(slots=True)
class Facts:
    department: str
    year: int
    scope: str
    measures: dict[str, Measure] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    lists: dict[str, list[Entry]] = field(default_factory=dict)
    paid_for: set[str] = field(default_factory=set)  # economic sections that the form prints an amount for, by name


@dataclass(frozen=True, slots=True)
class Years:
    """The forms that the text draws on. Each is optional but this year's."""

    now: Figures
    before: Figures | None = None
    budget: Figures | None = None
    earlier: Figures | None = None
    executed: Figures | None = None


def filled(facts: Facts, years: Years, unit: str, names: Callable[[str], str]) -> Facts:
    """The facts with the measures and lists that the forms yield, whose figures are in ``unit``."""
    scale = Y if unit == "万元" else Decimal(1)
    for key, places in PLACES.items():
        measure = _measure(years, places, scale)
        if measure is not None:
            facts.measures[key] = measure
    coded = years.now.rows.get(GENERAL, [])
    printed = dict(coded)
    for code, name in coded:
        measure = _measure(years, [(GENERAL, "", code, "total")], scale)
        if measure is None:
            continue
        facts.measures[f"general.{code}"] = measure
        if len(code) == 3:
            facts.lists.setdefault("classes", []).append(Entry(f"general.{code}", {"name": name}))
        if len(code) == 7:
            above = {"class": printed.get(code[:3]) or names(code[:3]), "section": printed.get(code[:5]) or names(code[:5])}
            facts.lists.setdefault("items", []).append(Entry(f"general.{code}", {"name": name, "item": name, **above}))
    for code, name in years.now.rows.get(ECONOMIC, []):
        if len(code) == 5 and any(years.now.decimal(ECONOMIC, code, column) for column in ("total", "basic")):
            facts.paid_for.add(name)
    for code, name in years.now.rows.get("government_funds", []):
        measure = _measure(years, [("government_funds", "", code, "total")], scale)
        if measure is not None and len(code) == 7:
            facts.measures[f"funds.{code}"] = measure
            facts.lists.setdefault("funds", []).append(Entry(f"funds.{code}", {"name": name}))
    return facts


def _measure(years: Years, places: Sequence[Place], scale: Decimal) -> Measure | None:
    def value(figures: Figures | None, row: str = "") -> Decimal | None:
        if figures is None:
            return None
        for form, side, own_row, column in places:
            text = figures.get(form, side, row or own_row, column)
            if text is not None:
                return Decimal(text) * scale if text.replace(".", "").isdigit() else Decimal(0)
        return None

    def of(figures: Figures | None) -> Decimal | None:
        # A year that has the form's year but not the row spent nothing there.
        found = value(figures)
        return Decimal(0) if found is None and figures is not None else found

    now = value(years.now)
    if now is None:
        return None
    three = places[0][0] == THREE
    return Measure(
        now,
        of(years.before),
        value(years.now, "initial_budget") if three and years.budget is not None else of(years.budget),
        value(years.now, "budget") if three else None,
        of(years.earlier),
        of(years.executed),
    )


def counts_of(facts: Facts, seed: str, assets: Mapping[str, int], projects: int) -> dict[str, int]:
    """Counts that no form prints: trips, receptions, staff, evaluated projects. They follow the money they stand beside."""

    def between(low: int, high: int, *key: object) -> int:
        return low + int((high - low + 1) * fraction(seed, facts.year, *key))

    def spent(key: str) -> Decimal:
        return facts.measures[key].now if key in facts.measures else Decimal(0)

    counts = {**dict.fromkeys(VEHICLES, 0), "general_equipment": 0, "special_equipment": 0, **assets}
    counts["vehicles_total"] = sum(counts[v] for v in VEHICLES)
    travel, reception = spent("three.overseas_travel"), spent("three.official_reception")
    counts["trips"] = between(1, 2, "trips") if travel else 0
    counts["travellers"] = counts["trips"] * between(1, 2, "travellers")
    counts["bought"] = 1 if spent("three.vehicle_purchase") else 0
    counts["receptions"] = int(reception // 1100) + 1 if reception else 0
    counts["guests"] = counts["receptions"] * between(6, 9, "guests")
    counts["foreign_receptions"] = counts["foreign_guests"] = 0
    counts["offices"] = between(8, 16, "offices")
    counts["posts"] = max(20, int(spent("personnel") // 170_000)) + between(1, 4, "posts")
    counts["public_posts"] = between(3, 7, "public")
    counts["staff"] = counts["posts"] - between(0, 3, "staff")
    counts["civil_servants"] = counts["staff"] - between(0, 2, "workers")
    counts["workers"] = counts["staff"] - counts["civil_servants"]
    counts["retired"] = between(9, 30, "retired")
    counts["projects"] = projects
    counts["good"] = between(0, max(0, projects // 3), "good") if projects else 0
    counts["excellent"] = projects - counts["good"]
    counts["fair"] = counts["poor"] = counts["none"] = 0
    return counts


VEHICLES = (
    "vehicles_ministerial_leaders",
    "vehicles_main_leaders",
    "vehicles_confidential_communication",
    "vehicles_emergency_support",
    "vehicles_law_enforcement",
    "vehicles_special_technical",
    "vehicles_retired_cadres",
    "vehicles_other",
)
