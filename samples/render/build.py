"""From the specifications to the files: read, compute, lay out, write."""

from __future__ import annotations

import copy
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from samples.render.claims import ExpectedClaim
from samples.render.disclosure import ExpectedAmount, Order, compose, plant
from samples.render.document import Rendering
from samples.render.facts import Facts, Measure, Years, counts_of, filled
from samples.render.figures import TOTAL, Figures, Style, real_figures, simulated_figures
from samples.render.ledger import Ledger, budget_of, fraction, ledger_of
from samples.render.names import Names, read_names
from samples.render.pdf import Look, render_pdf
from samples.render.projects import ExpectedExecution, ExpectedIndicator, ExpectedProject, ExpectedProjects, expect
from samples.render.projects import mistakes as mistakes_of_projects
from samples.render.prose import Planted
from samples.render.text import render_text

DISCLOSURE_COLUMNS = (
    "file_name",
    "department_name",
    "fiscal_year",
    "kind",
    "reporting_scope",
    "region",
    "is_simulated",
    "layout",
    "unit",
    "forms",
)
MISTAKE_COLUMNS = (
    "file_name",
    "page",
    "form_code",
    "side",
    "row",
    "column_code",
    "kind",
    "printed",
    "should_be",
    "note",
    "where",
    "numbers",
    "unit",
)
EXACT = Style("元", 2, "0.00")


Books = Callable[[Mapping[str, Any], int, Mapping[str, Mapping[str, Any]]], Ledger]


@dataclass(frozen=True, slots=True)
class Sources:
    names: Names
    library: Mapping[str, Any]
    layouts: Mapping[str, Any]
    styles: Mapping[str, Any]
    specs: Mapping[str, Mapping[str, Any]]  # simulated departments by file stem
    real: Sequence[Mapping[str, Any]]
    projects: Mapping[tuple[str, int], Mapping[str, Any]]  # annexes by department and year
    folder: Path


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _library(folder: Path) -> dict[str, Any]:
    """The forms of final accounts and those of budgets."""
    library = _yaml(folder / "library.yml")
    library["forms"] |= _yaml(folder / "budgets.yml")["forms"]
    return dict(library)


def _styles(folder: Path) -> dict[str, Any]:
    """The styles of prose by file stem. A style with a ``base`` differs from it in what it says itself."""
    styles = {path.stem: _yaml(path) for path in sorted(folder.glob("*.yml"))}

    def whole(name: str) -> dict[str, Any]:
        style = styles[name]
        base = whole(style["base"]) if "base" in style else {}
        subjects = {**base.get("subjects", {}), **style.get("subjects", {})}
        return {**base, **style, "subjects": subjects}

    return {name: whole(name) for name in styles}


def read_sources(samples: Path) -> Sources:
    layouts = samples / "render" / "layouts"
    specs = samples / "specs"
    annexes = [_yaml(path) for path in sorted((specs / "projects").glob("*.yml"))]
    return Sources(
        names=read_names(specs),
        library=_library(layouts),
        styles=_styles(samples / "render" / "styles"),
        layouts=_yaml(layouts / "layouts.yml"),
        specs={path.stem: _yaml(path) for path in sorted((specs / "simulated").glob("*.yml"))},
        real=_yaml(specs / "real" / "real.yml"),
        projects={(entry["department"], entry["year"]): entry for entry in annexes},
        folder=specs,
    )


def _in_year(by_year: Mapping[int, Any], year: int) -> Any:
    """What holds in a year: the entry of the latest year that is not after it."""
    return by_year[max(y for y in by_year if y <= year)]


def layout_of(sources: Sources, name: str, year: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A layout with its forms filled in from the library, and the lines that hold in the year."""
    layout = {**copy.deepcopy(sources.layouts[name]), **changes}
    forms = []
    for entry in layout["forms"]:
        form = {**copy.deepcopy(sources.library["forms"][entry["use"]]), **entry}
        for key, value in form.items():
            if isinstance(value, str) and value.startswith("@"):
                form[key] = _in_year(sources.library["lines"][value[1:]], year)
        forms.append(form)
    layout["forms"] = forms
    return layout


def _classes(sources: Sources, layout: Mapping[str, Any], year: int, figures: Figures) -> list[tuple[str, str]]:
    entries = layout.get("classes") or _in_year(sources.library["classes"], year)
    classes = [(str(code), name) for code, name in entries]
    if layout.get("used_classes"):
        used = {code for code, _ in figures.rows.get("expenditure", [])}
        classes = [(code, name) for code, name in classes if code in used]
    return classes


def orders(sources: Sources) -> Iterator[tuple[Order, Sequence[Mapping[str, str]]]]:
    """Every disclosure to be made, with the wrong amounts planted in it."""
    for entry in sources.real:
        yield _real(sources, entry), []
    for spec in sources.specs.values():
        for year, entry in spec["years"].items():
            yield _simulated(sources, spec, int(year), entry, ledger_of)
        for year, entry in spec.get("budgets", {}).items():
            yield _simulated(sources, spec, int(year), entry, budget_of)


def _real(sources: Sources, entry: Mapping[str, Any]) -> Order:
    year, department = entry["year"], entry["department"]
    layout = layout_of(sources, entry["layout"], year, entry.get("changes", {}))
    figures = real_figures(sources.folder / "real" / f"{department}{year}.csv")
    names = sources.names.functional(year)
    return Order(
        department=department,
        year=year,
        region=entry["region"],
        scope="department",
        is_simulated=False,
        layout_name=entry["layout"],
        layout=layout,
        figures=figures,
        names=sources.names,
        classes=_classes(sources, layout, year, figures),
        facts=filled(Facts(department, year, "department"), Years(figures), layout["unit"], names),
        style=sources.styles[layout["style"]],
        duties=entry.get("duties", ()),
        units=_units(entry.get("units", ())),
    )


def _units(entries: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    return [(u[0], u[1] if len(u) > 1 else "") for u in entries]


def _simulated(
    sources: Sources, spec: Mapping[str, Any], year: int, entry: Mapping[str, Any], books: Books
) -> tuple[Order, Sequence[Mapping[str, str]]]:
    layout = layout_of(sources, entry["layout"], year, entry.get("changes", {}))
    style = Style(layout["unit"], layout.get("decimals", 2), layout.get("zero", "0.00"))
    department = entry.get("name") or spec["years"].get(year, {}).get("name") or spec["department"]
    ledger = books(spec, year, sources.specs)
    printed = simulated_figures(ledger, sources.names, style)
    _own_units(printed, layout, ledger, sources.names, style)
    mistakes = entry.get("mistakes", ())
    wrong = {id(m): (p, r) for m, p, r in plant(printed, mistakes)}
    order = Order(
        department=department,
        year=year,
        region=spec["region"],
        scope=spec.get("scope", "department"),
        is_simulated=True,
        layout_name=entry["layout"],
        layout=layout,
        figures=printed,
        names=sources.names,
        classes=_classes(sources, layout, year, printed),
        facts=_facts(sources, spec, year, department, books),
        style=sources.styles[entry.get("style") or layout["style"]],
        kind="budget" if books is budget_of else "final_account",
        duties=spec.get("duties", ()),
        units=_units(entry.get("units") or spec["years"].get(year, {}).get("units") or spec.get("units", ())),
        mistakes=mistakes,
        projects=sources.projects.get((department, year)) if books is ledger_of else None,
    )
    listed = []
    for mistake in mistakes:
        if "claim" in mistake:
            continue
        shown, right = wrong.get(id(mistake), (mistake.get("slip", mistake.get("printed", "")), mistake.get("should_be", "")))
        listed.append(
            {
                "form_code": mistake.get("form", ""),
                "side": mistake.get("side", ""),
                "row": str(mistake.get("row", "")),
                "column_code": mistake.get("column", ""),
                "kind": mistake["kind"],
                "printed": str(shown),
                "should_be": str(right),
                "note": mistake["note"],
                "where": "form" if id(mistake) in wrong else "words" if "slip" in mistake else "structure",
                "numbers": str(shown),
                "unit": layout["unit"] if id(mistake) in wrong else "",
                **({"page": str(mistake["page"])} if "slip" in mistake else {}),
            }
        )
    return order, listed


def _own_units(printed: Figures, layout: Mapping[str, Any], ledger: Ledger, names: Names, style: Style) -> None:
    """Forms that print money in another unit than the others."""
    for form in layout["forms"]:
        if "unit_decimals" not in form:
            continue
        other = simulated_figures(ledger, names, Style(form["unit"], form["unit_decimals"], style.zero))
        printed.cells.update({key: text for key, text in other.cells.items() if key[0] == form["form"]})


def _facts(sources: Sources, spec: Mapping[str, Any], year: int, department: str, books: Books) -> Facts:
    """What the text of a simulated disclosure draws on: exact figures of its year and of those it is compared with."""
    lenient = replace(sources.names, strict=False)
    # A department made of others has no last year of its own.
    first = bool(spec.get("predecessors")) and year == min(int(y) for y in spec["years"])

    def exact(make: Books, y: int) -> Figures:
        return simulated_figures(make(spec, y, sources.specs), lenient, EXACT, year)

    is_budget = books is budget_of
    years = Years(
        exact(books, year),
        None if first else exact(books, year - 1),
        None if is_budget else exact(budget_of, year),
        exact(ledger_of, 2019) if year > 2020 and not is_budget else None,
        exact(ledger_of, year - 1) if is_budget and not first else None,
    )
    scope = spec.get("scope", "department")
    facts = filled(Facts(department, year, scope), years, "元", sources.names.functional(year))
    projects = years.budget or years.now
    evaluated = projects.decimal("general_budget_expenditure", TOTAL, "project")
    facts.measures["evaluated"] = Measure(evaluated)
    bought = facts.measures["procurement"].now
    small = (bought * Decimal(str(round(0.3 + 0.4 * fraction(spec["seed"], year, "small"), 2)))).quantize(Decimal(100))
    facts.measures["procurement.small"] = Measure(small)
    facts.measures["procurement.smaller"] = Measure((small * Decimal("0.6")).quantize(Decimal(100)))
    count = sum(1 for e in facts.lists["items"] if projects.decimal("general_budget_expenditure", e.key[8:], "project"))
    ledger = books(spec, year, sources.specs)
    assets = {**ledger.vehicles, **ledger.equipment}
    facts.counts = counts_of(facts, spec["seed"], assets, count * 2)
    return facts


def file_name(order: Order) -> str:
    stem: str = order.layout.get("file_name", "{department}{year}年度{scope}{account}")
    media: str = order.layout.get("media", "pdf")
    return f"{stem.format(**order.values)}.{media}"


def write_all(samples: Path, out: Path) -> list[str]:
    """Write every file of ``disclosures/`` and ``expected/`` under ``out`` and return their relative paths."""
    sources = read_sources(samples)
    disclosures, expected = out / "disclosures", out / "expected"
    for folder in (disclosures, expected):
        folder.mkdir(parents=True, exist_ok=True)
    written: list[str] = []
    disclosure_rows: list[dict[str, str]] = []
    mistake_rows: list[dict[str, str]] = []
    evaluated = ExpectedProjects()
    for order, mistakes in orders(sources):
        name = file_name(order)
        if f"disclosures/{name}" in written:
            raise ValueError(f"{name} would be written twice: give one a file_name in its layout")
        try:
            made = compose(order)
        except (KeyError, ValueError, IndexError, TypeError) as error:
            raise ValueError(f"{name}: {error!r}") from error
        if order.projects is not None:
            expect(order.projects, name, evaluated)
        pages = _write_document(order, made.rendering, disclosures / name)
        _csv(expected / f"{name}.csv", [f.name for f in fields(ExpectedAmount)], [_record(e) for e in made.expected])
        written += [f"disclosures/{name}", f"expected/{name}.csv"]
        disclosure_rows.append(_disclosure(order, name, made.forms))
        told_in = name
        if made.companion is not None:
            told_in = f"{made.companion.title}.pdf"
            _write_document(order, made.companion, disclosures / told_in)
            written.append(f"disclosures/{told_in}")
            _csv(expected / f"{told_in}.csv", [f.name for f in fields(ExpectedAmount)], [])
            disclosure_rows.append(_disclosure(order, told_in, ()))
        _csv(expected / f"{told_in}.claims.csv", [f.name for f in fields(ExpectedClaim)], [_record(c) for c in made.claims])
        written.append(f"expected/{told_in}.claims.csv")
        mistake_rows += [{"file_name": name, "page": str(pages.get(m["form_code"], "")), **m} for m in mistakes]
        mistake_rows += [_planted(told_in, planted) for planted in made.planted]
        judged = mistakes_of_projects(order.projects) if order.projects is not None else []
        mistake_rows += [{"file_name": name, "page": str(pages[m["form_code"]]), **m} for m in judged]
    _csv(expected / "disclosures.csv", DISCLOSURE_COLUMNS, disclosure_rows)
    _csv(expected / "planted_mistakes.csv", MISTAKE_COLUMNS, mistake_rows)
    tables: dict[str, tuple[type[Any], Sequence[Any]]] = {
        "projects.csv": (ExpectedProject, evaluated.projects),
        "project_execution.csv": (ExpectedExecution, evaluated.executions),
        "performance_indicators.csv": (ExpectedIndicator, evaluated.indicators),
    }
    for name, (kind, rows) in tables.items():
        _csv(expected / name, [f.name for f in fields(kind)], [_record(row) for row in rows])
    return [*written, "expected/disclosures.csv", "expected/planted_mistakes.csv", *(f"expected/{name}" for name in tables)]


def _disclosure(order: Order, name: str, forms: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {
        "file_name": name,
        "department_name": order.department,
        "fiscal_year": str(order.year),
        "kind": order.kind,
        "reporting_scope": order.scope,
        "region": order.region,
        "is_simulated": str(order.is_simulated).lower(),
        "layout": order.layout_name,
        "unit": order.layout["unit"],
        "forms": ";".join(f"{code}={status}" for code, status in forms),
    }


def _planted(name: str, planted: Planted) -> dict[str, str]:
    return {
        "file_name": name,
        "page": planted.claim.page,
        "form_code": "",
        "side": "",
        "row": planted.subject,
        "column_code": "",
        "kind": planted.mistake["kind"],
        "printed": planted.printed,
        "should_be": planted.should_be,
        "note": planted.mistake["note"],
        "where": "claim",
        "numbers": next((n for n in re.findall(r"[\d.]+", planted.printed)), ""),
        "unit": planted.unit,
    }


def _write_document(order: Order, rendering: Rendering, path: Path) -> dict[str, int]:
    """Write the file; the first page of each form, where the format has pages."""
    if path.suffix == ".pdf":
        return render_pdf(rendering, Look(**order.layout.get("look", {})), path)
    path.write_text(render_text(rendering, order.layout.get("text", {})), encoding="utf-8")
    return {}


def _record(record: Any) -> dict[str, str]:
    return {f.name: str(getattr(record, f.name)) for f in fields(record)}


def _csv(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8")
