"""The explanations of a disclosure, in sentences of our own, with figures taken from its forms."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from samples.render.figures import TOTAL, Figures

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Facts:
    """The forms of this year, and of last year where last year was disclosed by the same department."""

    department: str
    year: int
    unit: str
    decimals: int
    now: Figures
    before: Figures | None

    def money(self, value: Decimal) -> str:
        return f"{value.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)}{self.unit}"


def percent(part: Decimal, whole: Decimal) -> str:
    return f"{(part / whole * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def change(facts: Facts, now: Decimal, before: Decimal) -> str:
    """``增加1.00万元，增长2.00%``, and what is said when there is nothing to compare with."""
    if now == before:
        return "与上年持平"
    word, rate = ("增加", "增长") if now > before else ("减少", "下降")
    text = f"与{facts.year - 1}年度相比，{word}{facts.money(abs(now - before))}"
    if before:
        text += f"，{rate}{percent(abs(now - before), before)}"
    return text


def narrative(facts: Facts) -> list[tuple[str, list[str]]]:
    return [
        ("收入支出决算总体情况说明", _overall(facts)),
        ("收入决算情况说明", _income(facts)),
        ("支出决算情况说明", _expenditure(facts)),
        ("财政拨款收入支出决算总体情况说明", _appropriation(facts)),
        ("一般公共预算财政拨款支出决算情况说明", _general(facts)),
        ("一般公共预算财政拨款基本支出决算情况说明", _basic(facts)),
        ("财政拨款“三公”经费支出决算情况说明", _three_public(facts)),
        ("政府性基金预算财政拨款收入支出决算情况说明", _funds(facts)),
        ("国有资本经营预算财政拨款支出决算情况说明", _capital(facts)),
    ]


def _grand_total(figures: Figures, form: str) -> Decimal:
    for row in ("grand_total", "总计", "收入总计"):
        if figures.get(form, "income", row, "total"):
            return figures.decimal(form, row, "total", "income")
    return ZERO


def _overall(facts: Facts) -> list[str]:
    now = _grand_total(facts.now, "income_expenditure_summary")
    text = f"{facts.department}{facts.year}年度收入支出总计{facts.money(now)}"
    if facts.before:
        text += "。" + change(facts, now, _grand_total(facts.before, "income_expenditure_summary"))
    return [text + "。"]


def _shares(facts: Facts, form: str, whole: Decimal, columns: dict[str, str]) -> list[str]:
    result = []
    for column, word in columns.items():
        part = facts.now.decimal(form, TOTAL, column)
        if part:
            result.append(f"{word}{facts.money(part)}，占{percent(part, whole)}")
    return result


def _income(facts: Facts) -> list[str]:
    whole = facts.now.decimal("income", TOTAL, "total")
    if not whole:
        return []
    columns = {
        "appropriation": "财政拨款收入",
        "superior_subsidy": "上级补助收入",
        "institutional_income": "事业收入",
        "business_income": "经营收入",
        "other_income": "其他收入",
    }
    return [f"本年收入合计{facts.money(whole)}，其中：{'；'.join(_shares(facts, 'income', whole, columns))}。"]


def _expenditure(facts: Facts) -> list[str]:
    whole = facts.now.decimal("expenditure", TOTAL, "total")
    if not whole:
        return []
    columns = {
        "basic": "基本支出",
        "project": "项目支出",
        "remittance_to_superior": "上缴上级支出",
        "business_expenditure": "经营支出",
        "subsidy_to_subordinate": "对附属单位补助支出",
    }
    return [f"本年支出合计{facts.money(whole)}，其中：{'；'.join(_shares(facts, 'expenditure', whole, columns))}。"]


def _appropriation(facts: Facts) -> list[str]:
    now = _grand_total(facts.now, "appropriation_summary")
    text = f"{facts.department}{facts.year}年度财政拨款收入支出总计{facts.money(now)}"
    if facts.before:
        text += "。" + change(facts, now, _grand_total(facts.before, "appropriation_summary"))
    return [text + "。"]


def _general(facts: Facts) -> list[str]:
    form = "general_budget_expenditure"
    whole = facts.now.decimal(form, TOTAL, "total")
    if not whole:
        return []
    parts = []
    for code, name in facts.now.rows.get(form, []):
        part = facts.now.decimal(form, code, "total")
        if len(code) == 3 and part:
            parts.append(f"{name}（类）{facts.money(part)}，占{percent(part, whole)}")
    basic, project = facts.now.decimal(form, TOTAL, "basic"), facts.now.decimal(form, TOTAL, "project")
    return [
        f"一般公共预算财政拨款支出{facts.money(whole)}，其中：基本支出{facts.money(basic)}，项目支出{facts.money(project)}。",
        f"主要用于以下方面：{'；'.join(parts)}。",
    ]


def _basic(facts: Facts) -> list[str]:
    form = "general_budget_economic"
    column = "basic" if facts.now.get(form, "", "人员经费合计", "basic") else "total"
    personnel = facts.now.decimal(form, "人员经费合计", column)
    operating = facts.now.decimal(form, "公用经费合计", column)
    if not personnel:
        return []
    return [f"一般公共预算财政拨款基本支出中，人员经费{facts.money(personnel)}，公用经费{facts.money(operating)}。"]


def _three_public(facts: Facts) -> list[str]:
    form = "three_public_expenses"

    def figure(row: str, *columns: str) -> Decimal:
        return next((facts.now.decimal(form, row, c) for c in columns if facts.now.get(form, "", row, c)), ZERO)

    budget = figure("budget", "three_public_subtotal", "total")
    final = figure("final", "three_public_subtotal", "total")
    if not budget:
        return []
    parts = [
        f"{word}{facts.money(figure('final', column))}"
        for column, word in (
            ("overseas_travel", "因公出国（境）费"),
            ("vehicles", "公务用车购置及运行维护费"),
            ("official_reception", "公务接待费"),
        )
    ]
    sentences = [
        f"“三公”经费财政拨款支出预算为{facts.money(budget)}，支出决算为{facts.money(final)}，完成预算的{percent(final, budget)}。"
    ]
    if final:
        sentences.append(f"决算中，{'；'.join(parts)}。")
    return sentences


def _funds(facts: Facts) -> list[str]:
    income = facts.now.decimal("government_funds", TOTAL, "income")
    spent = facts.now.decimal("government_funds", TOTAL, "total")
    if not income and not spent:
        return [f"{facts.department}{facts.year}年度无政府性基金预算财政拨款收入和支出。"]
    return [f"政府性基金预算财政拨款收入{facts.money(income)}，支出{facts.money(spent)}。"]


def _capital(facts: Facts) -> list[str]:
    spent = facts.now.decimal("state_capital", TOTAL, "total")
    if not spent:
        return [f"{facts.department}{facts.year}年度无国有资本经营预算财政拨款支出。"]
    return [f"国有资本经营预算财政拨款支出{facts.money(spent)}。"]
