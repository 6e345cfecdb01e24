"""Questions that several notebooks ask, each answered as one block: chart, table, SQL and sources.

Each takes the :class:`Page` that it is shown on and the :class:`Subject` whose figures are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import marimo as mo
import pandas as pd

from reporting import breaks, charts
from reporting.notebook import Page
from reporting.tables import Table, cell, table_of, years_across
from reporting.units import COUNT, PERCENT, Unit, choose_unit, unit_of_metric
from reporting.warehouse import Answer

MOST_LINES = 6
# What of fct_year_over_year the amounts of a metric are; a ratio is made of several.
MEASURES = {
    "total_expenditure": ("current_expenditure",),
    "total_income": ("current_income",),
    "basic_expenditure": ("basic",),
    "project_expenditure": ("project",),
    "basic_share": ("basic", "current_expenditure"),
    "project_share": ("project", "current_expenditure"),
    "execution_rate": ("current_expenditure",),
    "expenditure_growth": ("current_expenditure",),
    "three_public_expenses": ("three_public_expenses",),
    "three_public_growth": ("three_public_expenses",),
    "three_public_per_head": ("three_public_expenses",),
    "official_reception": ("official_reception",),
    "official_reception_per_head": ("official_reception",),
}
# A reason of fct_metric names the metric that is missing, or zero, and what it was asked of.
REASON = re.compile(r"(?P<metric>\w+)(?: with \w+ = (?P<of>\w+))? is (?P<what>not known|zero)")
DIRECTIONS = frozenset({"increase", "decrease", "flat"})
PARTS = ("overseas_travel", "vehicle_purchase", "vehicle_operation", "official_reception")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose figures: departments, and which of their disclosures."""

    keys: tuple[str, ...]
    kind: str
    scopes: tuple[str, ...]  # of each department: the whole, or the unit alone

    @classmethod
    def of(cls, page: Page, keys: Sequence[str], kind: str) -> Subject:
        return cls(tuple(keys), kind, tuple(page.scope_of(key) for key in keys))

    @property
    def scope(self) -> str:
        return self.scopes[0]

    @property
    def key(self) -> str:
        return self.keys[0]


def sources(
    page: Page, subject: Subject, measures: Sequence[str], *, both_kinds: bool = False, year: int | None = None
) -> Answer:
    """Where the figures of ``measures`` stand; of one year if one is named."""
    answer = page.ask(
        "figure_sources",
        departments=list(subject.keys),
        measures=list(dict.fromkeys(measures)),
        disclosure_kinds=["final_account", "budget"] if both_kinds else [subject.kind],
        reporting_scopes=subject.scopes,
    )
    frame = answer.frame
    return answer if year is None else Answer(answer.sql, frame[frame["fiscal_year"] == year])


def key_figures(page: Page, subject: Subject, year: int) -> mo.Html:
    """The metrics of a department in one year; one that cannot be computed says why."""
    metrics = ["total_expenditure", "total_income", "expenditure_growth", "execution_rate", "basic_share", "project_share"]
    metrics += ["three_public_expenses", "three_public_per_head", "staff"]
    answer = _metrics(page, subject, metrics)
    frame = answer.frame[answer.frame["fiscal_year"] == year]
    rows = []
    for label, value, unit_code, reason in zip(
        frame[f"label_{page.language}"], frame["amount"], frame["unit"], frame["reason"], strict=True
    ):
        amount = _amount(value)
        unit = unit_of_metric(unit_code, [amount])
        shown = cell(amount, unit, page.language)
        rows.append([label, shown, unit.label(page.language), _reason(page, reason) or ""])
    headers = [page.say("指标", "Metric"), page.say("数值", "Value"), page.word("unit"), page.word("reason")]
    if not any(row[-1] for row in rows):
        headers, rows = headers[:-1], [row[:-1] for row in rows]
    used = [measure for metric in metrics for measure in MEASURES.get(metric, ())]
    return page.block(
        page.say(f"{year} 年主要指标", f"Key figures of {year}"),
        answer,
        table=Table(headers, rows, frozenset({1})),
        sources=sources(page, subject, used, both_kinds=True, year=year),
    )


def metrics_of_department(page: Page, subject: Subject, metrics: Sequence[str], title: str) -> mo.Html:
    """Metrics of one unit of measure over the years of one department, one line each."""
    answer = _metrics(page, subject, metrics)
    frame = answer.frame.assign(series=answer.frame[f"label_{page.language}"])
    return _lines(
        page,
        title,
        answer,
        frame,
        marked=breaks.of_departments(page, subject.keys),
        found=sources(page, subject, _measures(metrics), both_kinds="execution_rate" in metrics),
    )


def metric_of_departments(page: Page, subject: Subject, metric: str, title: str) -> mo.Html:
    """One metric over the years, one line a department."""
    answer = _metrics(page, subject, [metric])
    frame = answer.frame.assign(series=[page.name(key) for key in answer.frame["department_key"]])
    return _lines(
        page,
        title,
        answer,
        frame,
        marked=breaks.of_departments(page, subject.keys),
        found=sources(page, subject, _measures([metric]), both_kinds=metric == "execution_rate"),
        measure=None if frame.empty else str(frame[f"label_{page.language}"].iloc[0]),
    )


def departments_side_by_side(page: Page, subject: Subject, metrics: Sequence[str], title: str) -> mo.Html:
    """One small chart a department, each on its own scale: how each developed, not who is larger."""
    answer = _metrics(page, subject, metrics)
    frame = answer.frame.assign(
        facet=[page.name(key) for key in answer.frame["department_key"]], series=answer.frame[f"label_{page.language}"]
    )
    unit = choose_unit(_amounts(frame))
    rows = [
        (f"{facet} · {series}", int(year), _amount(amount))
        for facet, series, year, amount in zip(
            frame["facet"], frame["series"], frame["fiscal_year"], frame["amount"], strict=True
        )
    ]
    return page.block(
        title,
        answer,
        chart=charts.small_multiples(frame, language=page.language, share_scale=False),
        table=years_across(rows, _years(frame), _corner(page, unit), unit, language=page.language),
        note=page.say(
            "每图纵轴各自取值，只宜看变化。", "Each chart has a scale of its own: compare how they develop, not their heights."
        ),
        sources=sources(page, subject, _measures(metrics)),
    )


def income_to_expenditure(page: Page, subject: Subject, year: int) -> mo.Html:
    """From the sources of income to the functions of expenditure, balances included, of one year."""
    answer = page.ask(
        "income_to_expenditure",
        department=subject.key,
        fiscal_year=year,
        disclosure_kind=subject.kind,
        reporting_scope=subject.scope,
    )
    frame = answer.frame[answer.frame["role"] != "grand_total"]
    total = page.word("total")
    links = pd.DataFrame(
        [
            (label, total, _amount(amount)) if side == "income" else (total, label, _amount(amount))
            for side, label, amount in zip(frame["side"], frame["label"], frame["amount"], strict=True)
        ],
        columns=["source", "target", "amount"],
    )
    unit = choose_unit(_amounts(answer.frame))
    shown = answer.frame.assign(
        side=[
            page.say("收入", "Income") if side == "income" else page.say("支出", "Expenditure") for side in answer.frame["side"]
        ]
    )
    names = {
        "side": page.say("方向", "Side"),
        "label": page.say("项目", "Line"),
        "amount": _corner(page, unit),
        "source_page": page.word("source_page"),
    }
    return page.block(
        page.say(f"{year} 年：钱从哪里来，到哪里去", f"{year}: where the money came from, and where it went"),
        answer,
        chart=charts.flow(links, language=page.language),
        table=table_of(shown, names, {"amount": unit}, language=page.language),
        note=page.say("含结转和结余；为 0 或空白的项目不列。", "Balances included; lines that print 0 or nothing are left out."),
        sources=sources(page, subject, ["income_expenditure_total", "income_total", "expenditure_total"], year=year),
    )


def by_function(page: Page, subject: Subject, year: int) -> mo.Html:
    """Expenditure by functional class in one year, with the share of each."""
    answer = _by_function(page, subject)
    frame = answer.frame[(answer.frame["fiscal_year"] == year) & (answer.frame["amount"] != 0)]
    unit = choose_unit(_amounts(frame))
    names = page.names("code", "label") | {"amount": _corner(page, unit), "share_percent": page.word("share_percent")}
    return page.block(
        page.say(f"{year} 年支出按功能分类（类）", f"Expenditure of {year} by functional class"),
        answer,
        chart=charts.bars_by_class(frame, language=page.language),
        table=table_of(frame, names, {"amount": unit, "share_percent": PERCENT}, language=page.language),
        sources=sources(page, subject, ["expenditure_by_function"], year=year),
    )


def by_function_over_years(page: Page, subject: Subject) -> mo.Html:
    """Expenditure by functional class over the years: the largest as lines, all in the table."""
    answer = _by_function(page, subject)
    return _classes_over_years(
        page,
        page.say("历年支出按功能分类（类）", "Expenditure by functional class over the years"),
        answer,
        marked=breaks.of_functional_classes(page, sorted(set(answer.frame["code"]))),
        found=sources(page, subject, ["expenditure_by_function"]),
    )


def shares_over_years(page: Page, subject: Subject) -> mo.Html:
    """The share of each functional class over the years, in percent."""
    answer = _by_function(page, subject)
    frame = answer.frame
    labels = _labels(frame)
    rows = [
        (labels[code], int(year), _amount(share))
        for code, year, share in zip(frame["code"], frame["fiscal_year"], frame["share_percent"], strict=True)
    ]
    return page.block(
        page.say("历年功能分类占比", "Shares of the functional classes over the years"),
        answer,
        table=years_across(rows, _years(frame), "%", PERCENT, language=page.language),
        sources=sources(page, subject, ["expenditure_by_function", "current_expenditure"]),
    )


def by_economic_class(page: Page, subject: Subject, year: int) -> mo.Html:
    """Basic expenditure of the general public budget by economic class in one year."""
    answer = _by_economic_class(page, subject)
    frame = answer.frame[answer.frame["fiscal_year"] == year]
    unit = choose_unit(_amounts(frame))
    shown = frame.assign(expense_group=[page.word(str(group)) for group in frame["expense_group"]])
    names = page.names("code", "label", "expense_group") | {
        "amount": _corner(page, unit),
        "source_page": page.word("source_page"),
    }
    return page.block(
        page.say(
            f"{year} 年一般公共预算基本支出按经济分类（类）",
            f"Basic expenditure of the general public budget in {year} by economic class",
        ),
        answer,
        chart=charts.bars_by_class(frame, language=page.language),
        table=table_of(shown, names, {"amount": unit}, language=page.language),
        sources=sources(page, subject, ["general_budget_by_economic_class"], year=year),
    )


def by_economic_class_over_years(page: Page, subject: Subject) -> mo.Html:
    """The same over the years; the reform of the classification is marked."""
    answer = _by_economic_class(page, subject)
    return _classes_over_years(
        page,
        page.say(
            "历年一般公共预算基本支出按经济分类（类）",
            "Basic expenditure of the general public budget by economic class over the years",
        ),
        answer,
        marked=breaks.of_economic_classes(page),
        found=sources(page, subject, ["general_budget_by_economic_class"]),
    )


def budget_and_outcome(page: Page, subject: Subject) -> mo.Html:
    """Total expenditure: budget beside final account, and the execution rate, or why there is none."""
    answer = page.ask("budget_and_outcome", department=subject.key, reporting_scope=subject.scope)
    frame = answer.frame.assign(reason=[_reason(page, reason) for reason in answer.frame["reason"]])
    unit = choose_unit([*_amounts(frame, "budget_amount"), *_amounts(frame, "final_amount")])
    names = page.names("fiscal_year", "budget_amount", "final_amount", "execution_rate", "reason")
    units = {"budget_amount": unit, "final_amount": unit, "execution_rate": PERCENT}
    return page.block(
        page.say(f"支出预算与决算（{unit.label('zh')}）", f"Budget and final account of expenditure ({unit.label('en')})"),
        answer,
        chart=charts.budget_beside_outcome(frame, language=page.language),
        table=table_of(frame, names, units, language=page.language),
        sources=sources(page, subject, ["current_expenditure"], both_kinds=True),
    )


def budget_and_outcome_by_class(page: Page, subject: Subject, year: int) -> mo.Html:
    """The same by functional class in one year."""
    answer = page.ask("budget_and_outcome_by_class", department=subject.key, fiscal_year=year, reporting_scope=subject.scope)
    frame = answer.frame
    unit = choose_unit([*_amounts(frame, "budget_amount"), *_amounts(frame, "final_amount")])
    return page.block(
        page.say(f"{year} 年按功能分类（{unit.label('zh')}）", f"{year} by functional class ({unit.label('en')})"),
        answer,
        table=table_of(
            frame,
            page.names("code", "label", "budget_amount", "final_amount"),
            {"budget_amount": unit, "final_amount": unit},
            language=page.language,
        ),
        sources=sources(page, subject, ["expenditure_by_function"], both_kinds=True, year=year),
    )


def three_public_budget_and_outcome(page: Page, subject: Subject) -> mo.Html:
    """Three public expenses: budget beside outcome, as the final account prints both."""
    answer = page.ask("three_public_budget_and_outcome", department=subject.key, reporting_scope=subject.scope)
    frame = answer.frame
    unit = choose_unit([*_amounts(frame, "budget_amount"), *_amounts(frame, "final_amount")])
    return page.block(
        page.say(
            f"“三公”经费预算与决算（{unit.label('zh')}）", f"Three public expenses: budget and outcome ({unit.label('en')})"
        ),
        answer,
        chart=charts.budget_beside_outcome(frame, language=page.language),
        table=table_of(
            frame,
            page.names("fiscal_year", "budget_amount", "final_amount"),
            {"budget_amount": unit, "final_amount": unit},
            language=page.language,
        ),
        note=page.say("两数均取自当年决算公开的“三公”经费表。", "Both as the final account of the year prints them."),
        sources=sources(page, subject, ["three_public_expenses"]),
    )


def three_public_by_part(page: Page, subject: Subject) -> mo.Html:
    """Three public expenses by part over the years, one small chart a department."""
    answer = page.ask(
        "three_public_by_part",
        departments=list(subject.keys),
        disclosure_kind=subject.kind,
        reporting_scopes=subject.scopes,
    )
    frame = answer.frame.assign(
        facet=[page.name(key) for key in answer.frame["department_key"]],
        series=[page.word(measure) for measure in answer.frame["measure"]],
    )
    unit = choose_unit(_amounts(frame))
    rows = [
        (f"{facet} · {series}", int(year), _amount(amount))
        for facet, series, year, amount in zip(
            frame["facet"], frame["series"], frame["fiscal_year"], frame["amount"], strict=True
        )
    ]
    return page.block(
        page.say("“三公”经费构成", "Three public expenses by part"),
        answer,
        chart=charts.small_multiples(frame, language=page.language),
        table=years_across(rows, _years(frame), _corner(page, unit), unit, language=page.language),
        sources=sources(page, subject, PARTS),
    )


def three_public_ranking(page: Page, subject: Subject, year: int) -> mo.Html:
    """Who spent most on them in one year, and how much a head."""
    answer = page.ask("three_public_ranking", fiscal_year=year, disclosure_kind=subject.kind, reporting_scope=subject.scope)
    frame = answer.frame.assign(
        label=[page.name(key) for key in answer.frame["department_key"]],
        code="",
        reason=[_reason(page, reason) for reason in answer.frame["reason"]],
    )
    unit = choose_unit(_amounts(frame))
    names = {"label": page.word("department_key"), "amount": _corner(page, unit), **page.names("per_head", "reason")}
    units = {"amount": unit, "per_head": unit_of_metric("yuan_per_head", [])}
    everyone = Subject(tuple(frame["department_key"]), subject.kind, (subject.scope,) * len(frame))
    return page.block(
        page.say(f"{year} 年“三公”经费比较", f"Three public expenses of {year} compared"),
        answer,
        chart=charts.bars_by_class(frame, language=page.language),
        table=table_of(frame, names, units, language=page.language),
        sources=sources(page, everyone, ["three_public_expenses"], year=year) if everyone.keys else None,
    )


def findings(page: Page, keys: Sequence[str]) -> mo.Html:
    """What does not agree, with the printed figure, what the others let expect, and its place."""
    answer = page.ask("findings", departments=list(keys))
    frame = answer.frame
    shown = frame.assign(
        department_key=[page.name(key) for key in frame["department_key"]],
        disclosure_kind=[page.word(kind) for kind in frame["disclosure_kind"]],
        severity=[page.word(severity) for severity in frame["severity"]],
        # Of a stated direction the warehouse has its code, not the word that is printed.
        printed_text=[page.word(text) if text in DIRECTIONS else text for text in frame["printed_text"]],
    )
    columns = ["department_key"] if len(keys) > 1 else []
    columns += ["fiscal_year", "disclosure_kind", "severity", "row", "printed_text", "expected_value", "reason"]
    columns += ["file_name", "source_page", "source_table", "source_row", "source_column"]
    note = page.say(
        "数字一律照原文保留；此处只报告不一致。正文和文本文件没有表序，其“行”是该页或该文件的行号。",
        "Figures stand as printed; what does not agree is reported, not repaired. Prose and text files have no table: "
        "their row is a line of the page, or of the file.",
    )
    return page.block(
        page.say("不一致之处", "What does not agree"),
        answer,
        table=table_of(shown, page.names(*columns), {}, language=page.language),
        note=note,
        nothing=_nothing_found(page),
    )


def findings_by_family(page: Page, keys: Sequence[str]) -> mo.Html:
    """How many findings of each kind."""
    answer = page.ask("findings_by_family", departments=list(keys))
    frame = answer.frame.assign(label=[page.word(code) for code in answer.frame["code"]], code="")
    names = {
        "label": page.say("种类", "Kind"),
        "amount": page.word("findings"),
        **page.names("material", "last_digit", "wording"),
    }
    return page.block(
        page.say("发现按种类", "Findings by kind"),
        answer,
        chart=charts.bars_by_class(frame, language=page.language, unit=COUNT, measure=page.word("findings")),
        table=table_of(frame, names, {"amount": COUNT}, language=page.language),
        nothing=_nothing_found(page),
    )


def quality(page: Page, keys: Sequence[str]) -> mo.Html:
    """One row a disclosure: forms, checks, coverage, findings."""
    answer = page.ask("disclosure_quality", departments=list(keys))
    frame = answer.frame.assign(
        department_key=[page.name(key) for key in answer.frame["department_key"]],
        disclosure_kind=[page.word(kind) for kind in answer.frame["disclosure_kind"]],
    )
    columns = ["department_key"] if len(keys) > 1 else []
    columns += ["fiscal_year", "disclosure_kind", "forms_expected", "forms_present", "forms_no_data", "forms_missing"]
    columns += ["missing_forms", "checks_applicable", "checks_evaluated", "checks_inconsistent", "identity_coverage_percent"]
    columns += ["claims_stated", "claims_evaluated", "claims_inconsistent", "claim_coverage_percent", "findings"]
    percents = {"identity_coverage_percent": PERCENT, "claim_coverage_percent": PERCENT}
    return page.block(
        page.say("每份公开的质量", "Quality of each disclosure"),
        answer,
        table=table_of(frame, page.names(*columns), percents, language=page.language),
        note=page.say(
            "未能核对的不算通过。核对率只计表内和表间勾稽，不计跨文件的：后者取决于载入了哪些文件。",
            "What could not be evaluated has not passed. The coverage of identities is of those within and across forms; "
            "it leaves out those across documents, which hang on what else is loaded.",
        ),
    )


def _nothing_found(page: Page) -> str:
    """How much was checked stands in the table of quality: no finding among few checks proves little."""
    return page.say(
        "能核对的都一致；核对了多少，见每份公开的质量。",
        "All that could be checked agrees; how much that is, the quality of each disclosure tells.",
    )


def _reason(page: Page, reason: object) -> Any:
    """Why a metric has no value, with the names of metrics in the place of their codes."""
    if not isinstance(reason, str):
        return None
    told = REASON.fullmatch(reason)
    if told is None:
        return reason
    metrics = page.ask("metric_list").frame
    labels = dict(zip(metrics["metric"], metrics[f"label_{page.language}"], strict=True))
    name = str(labels.get(told["metric"], told["metric"]))
    if told["of"]:
        name += page.say("（{}）", " ({})").format(page.word(told["of"]))
    return page.word("not_known" if told["what"] == "not known" else "is_zero").format(name)


def _metrics(page: Page, subject: Subject, metrics: Sequence[str]) -> Answer:
    return page.ask(
        "metric_over_years",
        departments=list(subject.keys),
        metrics=list(metrics),
        reporting_scopes=subject.scopes,
        disclosure_kind=subject.kind,
    )


def _by_function(page: Page, subject: Subject) -> Answer:
    return page.ask("expenditure_by_class", department=subject.key, disclosure_kind=subject.kind, reporting_scope=subject.scope)


def _by_economic_class(page: Page, subject: Subject) -> Answer:
    return page.ask(
        "expenditure_by_economic_class",
        department=subject.key,
        disclosure_kind=subject.kind,
        reporting_scope=subject.scope,
    )


def _lines(
    page: Page,
    title: str,
    answer: Answer,
    frame: pd.DataFrame,
    *,
    marked: Sequence[charts.Break],
    found: Answer | None,
    measure: str | None = None,
) -> mo.Html:
    """Lines and a table with years across, of a frame with series, fiscal_year, amount and unit (as in dim_metric)."""
    unit_code = "yuan" if frame.empty else str(frame["unit"].iloc[0])
    unit = unit_of_metric(unit_code, _amounts(frame))
    rows = [
        (str(series), int(year), _amount(amount))
        for series, year, amount in zip(frame["series"], frame["fiscal_year"], frame["amount"], strict=True)
    ]
    if measure is None and unit_code != "yuan":
        measure = page.say("数值", "Value")
    chart = charts.lines_over_years(frame, language=page.language, breaks=marked, unit=unit, measure=measure)
    years = _years(frame)
    return page.block(
        title,
        answer,
        chart=chart,
        table=years_across(rows, years, _corner(page, unit), unit, language=page.language),
        note=_break_note(page, marked, years),
        sources=found,
    )


def _classes_over_years(page: Page, title: str, answer: Answer, *, marked: Sequence[charts.Break], found: Answer) -> mo.Html:
    """The largest classes as lines, all in the table; a class bears its latest name."""
    frame = answer.frame
    unit = choose_unit(_amounts(frame))
    labels = _labels(frame)
    frame = frame.assign(series=[labels[code] for code in frame["code"]])
    sizes = {
        code: sum((amount or Decimal(0) for amount in _amounts(frame[frame["code"] == code])), Decimal(0)) for code in labels
    }
    largest = sorted(sizes, key=lambda code: -sizes[code])[:MOST_LINES]
    drawn = frame[frame["code"].isin(largest)]
    rows = [
        (labels[code], int(year), _amount(amount))
        for code, year, amount in zip(frame["code"], frame["fiscal_year"], frame["amount"], strict=True)
    ]
    years = _years(frame)
    return page.block(
        title,
        answer,
        chart=charts.lines_over_years(drawn, language=page.language, breaks=marked),
        table=years_across(rows, years, _corner(page, unit), unit, language=page.language),
        note=_break_note(page, marked, years),
        sources=found,
    )


def _break_note(page: Page, marked: Sequence[charts.Break], years: Sequence[int]) -> str:
    inside = [f"{year}: {note}" for year, note in marked if year in years]
    return page.say("口径变化：", "Breaks: ") + page.say("；", "; ").join(inside) if inside else ""


def _labels(frame: pd.DataFrame) -> dict[str, str]:
    """Code and latest name of each class; the frame has the latest year first."""
    labels: dict[str, str] = {}
    for code, label in zip(frame["code"], frame["label"], strict=True):
        labels.setdefault(str(code), f"{code} {label}" if isinstance(label, str) else str(code))
    return labels


def _measures(metrics: Sequence[str]) -> list[str]:
    return [measure for metric in metrics for measure in MEASURES.get(metric, ())]


def _corner(page: Page, unit: Unit) -> str:
    return (
        page.say(f"金额（{unit.label('zh')}）", f"Amount ({unit.label('en')})")
        if unit.divisor != 1 or unit.name_zh == "元"
        else unit.label(page.language)
    )


def _amount(value: Any) -> Decimal | None:
    return None if value is None or pd.isna(value) else Decimal(value)


def _amounts(frame: pd.DataFrame, column: str = "amount") -> list[Decimal | None]:
    return [_amount(value) for value in frame[column]]


def _years(frame: pd.DataFrame) -> list[int]:
    """All years from the first to the last, those without data as well."""
    years = [int(year) for year in frame["fiscal_year"]]
    return list(range(min(years), max(years) + 1)) if years else []
