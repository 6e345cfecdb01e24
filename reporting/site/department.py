"""The page of a department: its names, its years, metrics, charts, and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reporting.site.drawing import Drawing, bars, budget, flow, lines
from reporting.site.figures import all_years, measured, years_of
from reporting.site.findings import finding_view
from reporting.site.naming import href, slug
from reporting.site.page import Settings, write_page
from reporting.site.queries import Row, by
from reporting.site.reasons import Reason, metric_reason
from reporting.site.words import term, word
from reporting.units import Language, Unit, choose_unit, format_amount

QUERIES = (
    "departments",
    "department_names",
    "disclosures",
    "findings",
    "metrics",
    "classes",
    "class_breaks",
    "three_public",
    "flow",
)
# In this order; what a newer warehouse adds comes after them. The first is an input of others only.
METRICS = (
    "total_income",
    "total_expenditure",
    "basic_expenditure",
    "project_expenditure",
    "basic_share",
    "project_share",
    "execution_rate",
    "expenditure_growth",
    "three_public_expenses",
    "official_reception",
    "three_public_growth",
    "staff",
    "three_public_per_head",
)
NOT_SHOWN = frozenset({"all_classes_expenditure"})
LINES = 5  # classes drawn over years: more cannot be told apart
PUBLIC = ("overseas_travel", "vehicle_purchase", "vehicle_operation", "official_reception")
PUBLIC_ROWS = ("total", "overseas_travel", "vehicles", "vehicle_purchase", "vehicle_operation", "official_reception")
PUBLIC_SERIES = (("final_account", "final"), ("final_account", "budget"), ("budget", "budget"))


@dataclass(frozen=True, slots=True)
class Around:
    """What a department's page needs beside its own rows."""

    definitions: Sequence[Row]  # of the metrics
    statements: Mapping[str, Row]
    form_orders: Mapping[tuple[str, str], int]
    codes: frozenset[str]  # functional codes that have a page
    units: Sequence[Row]  # departments that belong to it
    predecessors: Sequence[Row]  # departments that were merged into it


def write_department(settings: Settings, key: str, rows: Mapping[str, Sequence[Row]], around: Around) -> None:
    """Write the page in each language. ``rows``: of each of :data:`QUERIES`."""
    department = rows["departments"][0]
    classes, left_out = _spent(rows["classes"])
    shown = {row["classification_code"] for row in classes}
    breaks = [row for row in rows["class_breaks"] if row["class_code"] in shown]
    drawings = _drawings({**rows, "classes": classes, "class_breaks": breaks})
    scope = {"department_key": key}
    for language in settings.languages:
        content = {
            "d": department,
            "relatives": _relatives(department, rows["department_names"], around),
            "names": [{**row, "years": _name_years(row)} for row in rows["department_names"]],
            "disclosures": [
                {**row, "href": href(f"../disclosure/{slug(row['disclosure_key'])}.html")}
                for row in reversed(rows["disclosures"])
            ],
            "findings": [
                finding_view(
                    row, language, around.statements, around.form_orders, to_disclosure="../disclosure/", to_department=""
                )
                for row in rows["findings"]
            ],
            "metric_tables": _metric_tables(rows, around.definitions, language),
            "charts": [drawing.draw(language) for drawing in drawings],
            "breaks": [(row["valid_from_year"], break_note(row, language)) for row in breaks],
            "class_tables": _class_tables(classes, left_out, _span(rows), language, around.codes),
            "public_tables": _public_tables(rows, language),
            "csv": href(f"../../data/{slug(key)}.csv"),
        }
        queries = [(name, scope) for name in QUERIES if rows[name] or name == "departments"]
        write_page(settings, language, "department.html", f"department/{slug(key)}.html", content=content, queries=queries)


def break_note(row: Row, language: Language) -> str:
    """What changed about a class, as said on a chart."""
    if row["name_before"]:
        return word("renamed_from", language, code=row["class_code"], before=row["name_before"], after=row["name"])
    return word("new_class", language, code=row["class_code"], after=row["name"])


def main_scope(rows: Iterable[Row]) -> str:
    """The scope that charts are about: the whole department, where it publishes as such."""
    scopes = {row["reporting_scope"] for row in rows}
    return "department" if "department" in scopes or not scopes else min(scopes)


def _relatives(department: Row, names: Sequence[Row], around: Around) -> list[tuple[str, list[dict[str, Any]]]]:
    """What it belongs to, became, was formed from, was called, and has: a word for each, and the departments with their pages."""

    def named(key: str, name: str | None, years: str = "") -> dict[str, Any]:
        return {"name": name or key, "href": href(f"{slug(key)}.html") if name else None, "years": years}

    told = []
    for label, column, name in (
        ("belongs_to", "parent_department_key", "parent_name"),
        ("became", "successor_department_key", "successor_name"),
    ):
        if department[column]:
            told.append((label, [named(department[column], department[name])]))
    before = around.predecessors
    if before:
        # What was there before another was merged into it was not formed by that.
        new = len(before) > 1 and all(row["last_year"] < department["first_year"] for row in before)
        parts = [
            named(row["department_key"], row["department_name"], years_of(row["first_year"], row["last_year"])) for row in before
        ]
        told.append(("formed_from" if new else "took_over", parts))
    former = [
        {"name": row["department_name"], "href": None, "years": _name_years(row)} for row in names if row["relation"] == "renamed"
    ]
    told.append(("formerly", former))
    told.append(("units_of", [named(unit["department_key"], unit["department_name"]) for unit in around.units]))
    return [(label, members) for label, members in told if members]


def _name_years(row: Row) -> str:
    if row["first_year"] is not None:
        return years_of(row["first_year"], row["last_year"])
    return years_of(row["valid_from_year"], row["valid_to_year"]) or "—"


def _span(rows: Mapping[str, Sequence[Row]]) -> list[int]:
    return all_years(row["fiscal_year"] for row in rows["disclosures"])


def _cell(text: str, disclosure_key: str | None) -> dict[str, Any]:
    return {"text": text, "href": href(f"../disclosure/{slug(disclosure_key)}.html") if disclosure_key else None}


def _metric_tables(rows: Mapping[str, Sequence[Row]], definitions: Sequence[Row], language: Language) -> list[dict[str, Any]]:
    known = {row["metric"]: row for row in definitions}
    years = _span(rows)
    tables = []
    for reporting_scope, measurements in sorted(by(rows["metrics"], "reporting_scope").items()):
        shown = [row for row in measurements if row["metric"] not in NOT_SHOWN and row["value"] is not None]
        unit = choose_unit(row["value"] for row in shown if row["unit"] == "yuan")
        lines_of: list[dict[str, Any]] = []
        groups = by(shown, "metric", "disclosure_kind")
        place = {metric: number for number, metric in enumerate(METRICS)}
        kinds = {"final_account": 0, None: 1, "budget": 2}
        for (metric, kind), values in sorted(
            groups.items(), key=lambda item: (place.get(item[0][0], len(place)), item[0][0], kinds.get(item[0][1], 3))
        ):
            definition = known.get(metric)
            of_year = {row["fiscal_year"]: row for row in values}
            lines_of.append(
                {
                    "label": definition[f"label_{language}"] if definition else metric,
                    "href": f"../metrics.html#{metric}" if definition else None,
                    "sub": None,
                    "notes": [
                        word(kind, language) if kind else "—",
                        word(f"unit_{values[0]['unit']}", language) if values[0]["unit"] != "yuan" else unit.label(language),
                    ],
                    "cells": [
                        _cell(measured(of_year[y]["value"], of_year[y]["unit"], unit, language), of_year[y]["disclosure_key"])
                        if y in of_year
                        else None
                        for y in years
                    ],
                }
            )
        if lines_of:
            caption = f"{word('over_years', language)} · {word(f'scope_{reporting_scope}', language)}"
            heads = [word("metric", language), word("kind", language), word("metric_unit", language)]
            tables.append(
                {
                    "caption": caption,
                    "unit": None,
                    "years": years,
                    "rows": lines_of,
                    "heads": heads,
                    "note": None,
                    "reasons": _reasons(measurements, known, language),
                }
            )
    return tables


def _reasons(measurements: Sequence[Row], definitions: Mapping[str, Row], language: Language) -> list[tuple[str, str, Reason]]:
    """Metrics without a value, their years, and why."""
    labels = {metric: str(row[f"label_{language}"]) for metric, row in definitions.items()}
    lacking = [row for row in measurements if row["value"] is None and row["reason"] and row["metric"] not in NOT_SHOWN]
    return [
        (
            labels.get(metric, metric) + (f" ({word(kind, language)})" if kind else ""),
            ", ".join(str(year) for year in sorted({row["fiscal_year"] for row in of_reason})),
            metric_reason(why, labels, language),
        )
        for (metric, kind, why), of_reason in by(lacking, "metric", "disclosure_kind", "reason").items()
    ]


def _spent(classes: Sequence[Row]) -> tuple[list[Row], dict[tuple[str, str], int]]:
    """The classes of which some year prints more than 0, and of how many none does, by scope and kind.

    Some forms print all classes of the classification, most of them as 0 or without a figure.
    """
    spent: list[Row] = []
    left_out: dict[tuple[str, str], int] = {}
    for (scope, kind, _), of_class in by(classes, "reporting_scope", "disclosure_kind", "classification_code").items():
        if any(row["value"] for row in of_class):
            spent += of_class
        else:
            left_out[scope, kind] = left_out.get((scope, kind), 0) + 1
    return spent, left_out


def _class_tables(
    classes: Sequence[Row],
    left_out: Mapping[tuple[str, str], int],
    years: Sequence[int],
    language: Language,
    codes: frozenset[str],
) -> list[dict[str, Any]]:
    tables = []
    of_table = by(classes, "reporting_scope", "disclosure_kind")
    for place in sorted({*of_table, *left_out}, reverse=True):
        reporting_scope, kind = place
        values = of_table.get(place, [])
        unit = choose_unit(row["value"] for row in values)
        lines_of = []
        for code, of_class in by(values, "classification_code").items():
            of_year = {row["fiscal_year"]: row for row in of_class}
            lines_of.append(
                {
                    "label": code,
                    "href": href(f"../code/functional-{code}.html") if code in codes else None,
                    "sub": " → ".join(dict.fromkeys(row["name"] for row in of_class if row["name"])),
                    "notes": [],
                    "cells": _amount_cells(of_year, years, unit, language),
                }
            )
        caption = " · ".join((word("by_class", language), word(kind, language), word(f"scope_{reporting_scope}", language)))
        tables.append(
            {
                "caption": caption,
                "unit": unit.label(language),
                "years": years,
                "rows": lines_of,
                "heads": [word("class", language)],
                "note": word("classes_left_out", language, count=left_out[place]) if place in left_out else None,
                "reasons": [],
            }
        )
    return tables


def _amount_cells(
    of_year: Mapping[int, Row], years: Sequence[int], unit: Unit, language: Language
) -> list[dict[str, Any] | None]:
    return [
        _cell(
            format_amount(of_year[year].get("value", of_year[year].get("amount")), unit, language),
            of_year[year]["disclosure_key"],
        )
        if year in of_year
        else None
        for year in years
    ]


def _public_tables(rows: Mapping[str, Sequence[Row]], language: Language) -> list[dict[str, Any]]:
    years = _span(rows)
    tables = []
    for reporting_scope, values in sorted(by(rows["three_public"], "reporting_scope").items()):
        unit = choose_unit(row["amount"] for row in values)
        groups = by(values, "measure", "disclosure_kind", "phase")
        lines_of = []
        for measure in PUBLIC_ROWS:
            for kind, phase in PUBLIC_SERIES:
                of_year = {row["fiscal_year"]: row for row in groups.get((measure, kind, phase), [])}
                if of_year:
                    told = f"{word(kind, language)} · {word(f'phase_{phase}', language)}"
                    lines_of.append(
                        {
                            "label": term(measure, language),
                            "href": None,
                            "sub": None,
                            "notes": [told],
                            "cells": _amount_cells(of_year, years, unit, language),
                        }
                    )
        caption = f"{word('three_public', language)} · {word(f'scope_{reporting_scope}', language)}"
        heads = [word("measure", language), word("phase", language)]
        tables.append(
            {
                "caption": caption,
                "unit": unit.label(language),
                "years": years,
                "rows": lines_of,
                "heads": heads,
                "note": None,
                "reasons": [],
            }
        )
    return tables


def _drawings(rows: Mapping[str, Sequence[Row]]) -> list[Drawing]:
    """The charts of a department: only those that show more than one figure."""
    scope = main_scope(rows["disclosures"])
    classes = [row for row in rows["classes"] if row["reporting_scope"] == scope]
    kinds = {row["disclosure_kind"] for row in classes}
    kind = "final_account" if "final_account" in kinds else "budget"
    of_kind = [row for row in classes if row["disclosure_kind"] == kind]
    drawings = [*_class_drawings(of_kind, kind, rows["class_breaks"]), *_budget_drawing(rows["metrics"], scope)]
    drawings += _public_drawing([row for row in rows["three_public"] if row["reporting_scope"] == scope])
    return drawings + _flow_drawing([row for row in rows["flow"] if row["reporting_scope"] == scope])


def _class_drawings(classes: Sequence[Row], kind: str, breaks: Sequence[Row]) -> list[Drawing]:
    if not classes:
        return []
    last = max(row["fiscal_year"] for row in classes)
    latest = [row for row in classes if row["fiscal_year"] == last]
    drawn = []
    names = {row["classification_code"]: row["name"] or "" for row in classes}  # the latest name of each
    if len({row["fiscal_year"] for row in classes}) > 1:
        size: dict[str, Decimal] = {}
        for row in classes:
            size[row["classification_code"]] = max(size.get(row["classification_code"], Decimal(0)), row["value"] or Decimal(0))
        largest = sorted(size, key=lambda code: (-size[code], code))[:LINES]
        points = [
            (row["fiscal_year"], f"{row['classification_code']} {names[row['classification_code']]}", row["value"])
            for row in classes
            if row["classification_code"] in largest
        ]
        drawn.append(lines("chart_classes", points, [row for row in breaks if row["class_code"] in largest], break_note))
    # A class that is 0 in this year has no bar to compare; the table has it.
    spent = [(row["classification_code"], row["name"], row["value"]) for row in latest if row["value"] != 0]
    if len(spent) > 1:
        drawn.append(bars("chart_bars", last, kind, spent))
    return drawn


def _budget_drawing(metrics: Sequence[Row], scope: str) -> list[Drawing]:
    totals = {
        (row["fiscal_year"], row["disclosure_kind"]): row["value"]
        for row in metrics
        if row["metric"] == "total_expenditure" and row["reporting_scope"] == scope
    }
    if {kind for _, kind in totals} != {"budget", "final_account"}:
        return []
    years = sorted({year for year, _ in totals})
    return [budget("chart_budget", [(y, totals.get((y, "budget")), totals.get((y, "final_account"))) for y in years])]


def _public_drawing(expenses: Sequence[Row]) -> list[Drawing]:
    outcome = [row for row in expenses if row["disclosure_kind"] == "final_account" and row["phase"] == "final"]
    chosen = outcome or [row for row in expenses if row["disclosure_kind"] == "budget" and row["phase"] == "budget"]
    points = [(row["fiscal_year"], row["measure"], row["amount"]) for row in chosen if row["measure"] in PUBLIC]
    # A series that is 0 in every year says nothing in a drawing; the table has it.
    said = {measure for _, measure, amount in points if amount}
    points = [point for point in points if point[1] in said]
    return [lines("chart_three_public", points, [], break_note)] if len({year for year, _, _ in points}) > 1 else []


def _flow_drawing(summary: Sequence[Row]) -> list[Drawing]:
    if not summary:
        return []
    latest = max((row["fiscal_year"], row["disclosure_kind"]) for row in summary)
    chosen = [row for row in summary if (row["fiscal_year"], row["disclosure_kind"]) == latest]
    parts = [row for row in chosen if row["role"] in ("part", "balance") and row["amount"]]
    sides = {row["side"] for row in parts}
    if sides != {"income", "expenditure"}:
        return []
    return [flow("chart_flow", latest[0], latest[1], [(row["side"], row["printed_label"], row["amount"]) for row in parts])]
