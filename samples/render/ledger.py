"""The books of one simulated department and year, in 分, and how they are drawn from a specification.

Everything is an integer of 分, and each total that a form prints is a sum over the same entries, so that all accounting
identities hold exactly. "Random" amounts are digests of what they stand for: the same on every machine, and
unchanged when an entry is added elsewhere.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

FUNDS = ("general_public_budget", "government_funds", "state_capital", "own_funds")
INCOME_SOURCES = (
    "superior_subsidy",
    "institutional_income",
    "business_income",
    "subordinate_remittance",
    "other_income",
)
EXPENDITURE_TYPES = (
    "basic",
    "project",
    "remittance_to_superior",
    "business_expenditure",
    "subsidy_to_subordinate",
)
THREE_PUBLIC = ("overseas_travel", "vehicle_purchase", "vehicle_operation", "official_reception")
MEETINGS = ("meetings", "training")
PHASES = ("initial_budget", "budget", "final")

# How the part of basic expenditure that no other rule fixes is spread over economic sections, by weight.
PERSONNEL_WEIGHTS = {"30101": 34, "30102": 22, "30103": 27, "30107": 9, "social": 1, "30199": 6, "30309": 1}
OPERATING_WEIGHTS = {
    "30201": 22, "30202": 4, "30204": 1, "30205": 2, "30206": 6, "30207": 7, "30209": 9, "30211": 12,
    "30213": 5, "30214": 2, "30226": 3, "30228": 9, "30229": 6, "30239": 20, "30299": 11, "31002": 5,
}  # fmt: skip
PROJECT_WEIGHTS = {
    "30201": 9, "30202": 4, "30203": 2, "30211": 7, "30213": 8, "30214": 3, "30218": 2, "30226": 10,
    "30227": 34, "30299": 9, "31003": 5, "31007": 12,
}  # fmt: skip

Amounts = dict[str, int]
K = TypeVar("K")


@dataclass(slots=True)
class Ledger:
    """One department and year. Codes are functional items (seven digits) unless a name says otherwise."""

    year: int
    expenditure: dict[tuple[str, str, str], int] = field(default_factory=dict)  # code, fund, type
    income: dict[tuple[str, str], int] = field(default_factory=dict)  # code, fund or source
    opening: dict[tuple[str, str], int] = field(default_factory=dict)  # code, fund
    closing: dict[tuple[str, str], int] = field(default_factory=dict)  # code, fund
    economic: dict[tuple[str, str], int] = field(default_factory=dict)  # economic section, basic | project
    use_of_surplus: int = 0
    surplus_distribution: int = 0
    three_public: dict[tuple[str, str], int] = field(default_factory=dict)  # phase, measure
    procurement: Amounts = field(default_factory=dict)
    vehicles: Amounts = field(default_factory=dict)
    equipment: Amounts = field(default_factory=dict)


def fraction(*key: object) -> float:
    """A number in [0, 1) that depends on nothing but the key."""
    digest = hashlib.sha256("/".join(str(part) for part in key).encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def around(base: float, spread: float, *key: object) -> int:
    """``base`` 元 give or take ``spread``, in 分."""
    return round(base * 100 * (1 + spread * (2 * fraction(*key) - 1)))


def spread_over(total: int, weights: Mapping[str, int], *key: object, step: int = 1) -> Amounts:
    """Split a total over weighted parts in steps, without losing a 分; the last part takes what is left."""
    parts: Amounts = {}
    scale = {name: weight * (0.8 + 0.4 * fraction(name, *key)) for name, weight in weights.items()}
    whole = sum(scale.values())
    left = total
    for name in weights:
        parts[name] = int(total * scale[name] / whole) // step * step
        left -= parts[name]
    parts[list(weights)[-1]] += left
    return {name: amount for name, amount in parts.items() if amount}


def _valid(item: Mapping[str, Any], year: int) -> bool:
    return int(item.get("from", 0)) <= year <= int(item.get("to", 9999))


def _expenditure(spec: Mapping[str, Any], year: int) -> dict[tuple[str, str, str], int]:
    seed, growth = spec["seed"], float(spec.get("growth", 1.04))
    entries: dict[tuple[str, str, str], int] = {}
    for raw_code, item in spec["items"].items():
        if not _valid(item, year):
            continue
        code = str(raw_code)
        for field_name, fund in (
            ("", "general_public_budget"),
            ("funds_", "government_funds"),
            ("state_", "state_capital"),
            ("own_", "own_funds"),
        ):
            for kind in EXPENDITURE_TYPES:
                base = item.get(field_name + kind)
                if not base:
                    continue
                spread = 0.03 if kind == "basic" else 0.35
                factor = growth ** (year - 2017) if kind == "basic" else 1.0
                entries[code, fund, kind] = around(base * factor, spread, seed, year, code, fund, kind)
    return entries


def closing_balances(spec: Mapping[str, Any], year: int) -> dict[tuple[str, str], int]:
    """What is left at the end of a year: a share of the year's expenditure, on the items marked ``carry``."""
    balances: dict[tuple[str, str], int] = defaultdict(int)
    for (code, fund, _), amount in _expenditure(spec, year).items():
        share = float(spec["items"][int(code)].get("carry", 0))
        if share:
            balances[code, fund] += int(amount * share * (0.5 + fraction(spec["seed"], year, code, fund, "carry")))
    return dict(balances)


def _opening(spec: Mapping[str, Any], year: int, specs: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    """Last year's closing balances; in the first year of a merged department those of its predecessors."""
    predecessors: Sequence[str] = spec.get("predecessors", ())
    if not predecessors or year > min(int(y) for y in spec["years"]):
        return closing_balances(spec, year - 1)
    opening: dict[tuple[str, str], int] = defaultdict(int)
    home = {fund: next(code for code, item in spec["items"].items() if item.get("carry")) for fund in FUNDS}
    known = {str(code) for code, item in spec["items"].items() if _valid(item, year)}
    for predecessor in predecessors:
        for (code, fund), amount in closing_balances(specs[predecessor], year - 1).items():
            opening[code if code in known else str(home[fund]), fund] += amount
    return dict(opening)


def _three_public(spec: Mapping[str, Any], year: int) -> dict[tuple[str, str], int]:
    """Budget and outcome. The outcome never exceeds the budget, as the rules ask."""
    amounts: dict[tuple[str, str], int] = {}
    for measure in THREE_PUBLIC + MEETINGS:
        base = spec.get("three_public", {}).get(measure, 0)
        if measure == "vehicle_purchase" and year not in spec.get("vehicle_purchase_years", ()):
            base = 0
        budget = round(base * (0.97 ** (year - 2017))) // 1000 * 1000 * 100
        revised = budget - (budget // 20 // 100_000 * 100_000)
        amounts["initial_budget", measure] = budget
        # Where no revision is printed, the 预算数 of the form is the budget that was published at the beginning of the year.
        amounts["budget", measure] = revised if year in spec.get("revised_budget_years", ()) else budget
        amounts["final", measure] = int(revised * (0.55 + 0.45 * fraction(spec["seed"], year, measure)))
    return amounts


def _economic(
    spec: Mapping[str, Any],
    year: int,
    expenditure: Mapping[tuple[str, str, str], int],
    three_public: Mapping[tuple[str, str], int],
    step: int = 1,
) -> dict[tuple[str, str], int]:
    """Spread general public budget expenditure over economic sections so that the two views meet to the 分.

    Contributions keep the amounts of their functional items; what the 三公 form prints is in its sections, too.
    """
    seed = spec["seed"]
    general = {(c, k): a for (c, f, k), a in expenditure.items() if f == "general_public_budget"}
    before_reform = year < 2018
    fixed = {
        "2080501": "30302",
        "2080502": "30302",
        "2080505": "30108",
        "2080506": "30109",
        "2101101": "30104" if before_reform else "30110",
        "2101102": "30104" if before_reform else "30110",
        "2101103": "30307" if before_reform else "30111",
        "2210201": "30311" if before_reform else "30113",
        "2210203": "30313" if before_reform else "30102",
        "2080599": "30299",
    }
    result: dict[tuple[str, str], int] = defaultdict(int)
    rest_basic = 0
    for (code, kind), amount in general.items():
        if kind == "basic" and code in fixed:
            result[fixed[code], "basic"] += amount
        elif kind == "basic":
            rest_basic += amount
    rest_project = sum(a for (_, k), a in general.items() if k == "project")

    final = {m: three_public["final", m] for m in THREE_PUBLIC + MEETINGS}
    sections = {
        "overseas_travel": ("30212", "project"),
        "vehicle_purchase": ("31013", "project"),
        "vehicle_operation": ("30231", "basic"),
        "official_reception": ("30217", "basic"),
        "meetings": ("30215", "basic"),
        "training": ("30216", "basic"),
    }
    for measure, (section, kind) in sections.items():
        if not final[measure]:
            continue
        result[section, kind] += final[measure]
        if kind == "basic":
            rest_basic -= final[measure]
        else:
            rest_project -= final[measure]
    if rest_basic < 0 or rest_project < 0:
        raise ValueError(f"{spec['department']} {year}: 三公经费 exceed the expenditure they are part of")
    personnel = int(rest_basic * float(spec.get("personnel_share", 0.8))) // step * step
    social = "30104" if before_reform else "30112"
    for name, amount in spread_over(personnel, PERSONNEL_WEIGHTS, seed, year, "personnel", step=step).items():
        result[social if name == "social" else name, "basic"] += amount
    for name, amount in spread_over(rest_basic - personnel, OPERATING_WEIGHTS, seed, year, "operating", step=step).items():
        result[name, "basic"] += amount
    for name, amount in spread_over(rest_project, PROJECT_WEIGHTS, seed, year, "project", step=step).items():
        result[name, "project"] += amount
    return {key: amount for key, amount in result.items() if amount}


def _income(spec: Mapping[str, Any], ledger: Ledger) -> dict[tuple[str, str], int]:
    """Income is what was spent plus what is left less what was there, item by item."""
    income: dict[tuple[str, str], int] = defaultdict(int)
    for (code, fund, _), amount in ledger.expenditure.items():
        income[code, fund] += amount
    for (code, fund), amount in ledger.closing.items():
        income[code, fund] += amount
    for (code, fund), amount in ledger.opening.items():
        income[code, fund] -= amount
    own = sorted(code for code, fund in income if fund == "own_funds")
    if own:
        # 使用非财政拨款结余 stands in for income, 结余分配 needs some.
        income[own[0], "own_funds"] += ledger.surplus_distribution - ledger.use_of_surplus
    result: dict[tuple[str, str], int] = defaultdict(int)
    for (code, fund), amount in income.items():
        if amount < 0:
            raise ValueError(f"{spec['department']} {ledger.year}: income of {code} ({fund}) would be negative")
        if fund == "own_funds":
            weights = spec["items"][int(code)].get("income", {"other_income": 1})
            step = BUDGET_STEP if amount % BUDGET_STEP == 0 else 1
            for source, part in spread_over(amount, weights, spec["seed"], ledger.year, code, step=step).items():
                result[code, source] += part
        else:
            result[code, fund] += amount
    return {key: amount for key, amount in result.items() if amount}


def ledger_of(spec: Mapping[str, Any], year: int, specs: Mapping[str, Mapping[str, Any]]) -> Ledger:
    """The books of one year, with those of the units that the specification includes."""
    three_public = _three_public(spec, year)
    expenditure = _expenditure(spec, year)
    ledger = Ledger(
        year=year,
        expenditure=expenditure,
        opening=_opening(spec, year, specs),
        closing=closing_balances(spec, year),
        economic=_economic(spec, year, expenditure, three_public),
        three_public=three_public,
    )
    has_own = any(fund == "own_funds" for _, fund, _ in expenditure)
    if has_own:
        ledger.use_of_surplus = around(spec.get("use_of_surplus", 0), 0.3, spec["seed"], year, "surplus")
        ledger.surplus_distribution = around(spec.get("distribution", 0), 0.3, spec["seed"], year, "distribution")
    ledger.income = _income(spec, ledger)
    bought = sum(a for (_, _, k), a in expenditure.items() if k == "project") * 6 // 10
    ledger.procurement = spread_over(bought, {"goods": 20, "works": 14, "services": 66}, spec["seed"], year)
    ledger.vehicles = {str(k): int(v) for k, v in spec.get("vehicles", {}).items()}
    ledger.equipment = {str(k): int(v) for k, v in spec.get("equipment", {}).items()}
    # A unit belongs to its department in the years before it discloses by itself, too.
    for unit in spec.get("includes", ()):
        ledger = merged(ledger, ledger_of(specs[unit], year, specs))
    return ledger


BUDGET_STEP = 10_000  # 分: budgets are made in hundreds of 元, which is the last digit of 万元 with two decimals


def _budgeted(seed: str, year: int, key: tuple[str, str, str], spent: int) -> int:
    """What was planned for an item: often nearly what was spent, else more or less; some projects were planned only later."""
    code, fund, kind = key
    luck = fraction(seed, year, *key, "budget")
    if kind == "project" and luck > 0.93 and fund == "general_public_budget" and not code.endswith("02"):
        return 0
    factor = 1.0 if luck < 0.25 else 0.9 + 0.25 * fraction(seed, year, *key, "planned")
    return round(spent * factor / BUDGET_STEP) * BUDGET_STEP


def budget_of(spec: Mapping[str, Any], year: int, specs: Mapping[str, Mapping[str, Any]]) -> Ledger:
    """The budget of a year as books of their own: what comes in is spent, nothing is carried over."""
    three_public = {(phase, m): a for (p, m), a in _three_public(spec, year).items() if p == "initial_budget" for phase in PHASES}
    expenditure = {key: _budgeted(spec["seed"], year, key, amount) for key, amount in _expenditure(spec, year).items()}
    expenditure = {key: amount for key, amount in expenditure.items() if amount}
    # Purchases and trips are planned with the projects that pay for them.
    planned = sum(three_public["final", m] for m in ("overseas_travel", "vehicle_purchase"))
    projects = [key for key in expenditure if key[1:] == ("general_public_budget", "project")]
    if planned and sum(expenditure[key] for key in projects) < planned:
        raise ValueError(f"{spec['department']} {year}: the budget has no project for its purchases and trips")
    ledger = Ledger(
        year=year,
        expenditure=expenditure,
        economic=_economic(spec, year, expenditure, three_public, BUDGET_STEP),
        three_public=three_public,
    )
    ledger.income = _income(spec, ledger)
    bought = sum(a for (_, _, k), a in expenditure.items() if k == "project") * 6 // 10 // BUDGET_STEP * BUDGET_STEP
    weights = {"goods": 20, "works": 14, "services": 66}
    ledger.procurement = spread_over(bought, weights, spec["seed"], year, "budget", step=BUDGET_STEP)
    ledger.vehicles = {str(k): int(v) for k, v in spec.get("vehicles", {}).items()}
    ledger.equipment = {str(k): int(v) for k, v in spec.get("equipment", {}).items()}
    for unit in spec.get("includes", ()):
        ledger = merged(ledger, budget_of(specs[unit], year, specs))
    return ledger


def merged(one: Ledger, other: Ledger) -> Ledger:
    """The books of a department together with those of its unit: every entry added up."""

    def add(get: Callable[[Ledger], Mapping[K, int]]) -> dict[K, int]:
        total: dict[K, int] = dict(get(one))
        for key, amount in get(other).items():
            total[key] = total.get(key, 0) + amount
        return total

    return Ledger(
        year=one.year,
        expenditure=add(lambda b: b.expenditure),
        income=add(lambda b: b.income),
        opening=add(lambda b: b.opening),
        closing=add(lambda b: b.closing),
        economic=add(lambda b: b.economic),
        use_of_surplus=one.use_of_surplus + other.use_of_surplus,
        surplus_distribution=one.surplus_distribution + other.surplus_distribution,
        three_public=add(lambda b: b.three_public),
        procurement=add(lambda b: b.procurement),
        vehicles=add(lambda b: b.vehicles),
        equipment=add(lambda b: b.equipment),
    )
