"""A difference of two builds as text: for a terminal, as Markdown, as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from ingest.publish.diff import Difference, FigureChange, FindingChange
from ingest.terminal import printable, table

SHOWN = 200
Rows = list[tuple[str, ...]]
YEAR_HEADER = ("department", "year", "added", "changed", "gone")
FIGURE_HEADER = ("change", "disclosure", "form", "row", "column", "before", "after", "page")
FINDING_HEADER = ("change", "department", "year", "file", "page", "check", "reason")


def as_json(difference: Difference) -> dict[str, Any]:
    """All of it, for programs. Amounts are texts, so that no cent is lost on the way."""
    values = asdict(difference)
    for figure in values["figures"]:
        for name in ("before", "after"):
            figure[name] = None if figure[name] is None else str(figure[name])
    return {
        "before": values["before"],
        "after": values["after"],
        "totals": {"figures": dict(difference.totals), "findings": dict(difference.finding_totals)},
        **{name: values[name] for name in ("years", "figures", "findings", "documents", "tables")},
    }


def as_text(difference: Difference, shown: int = SHOWN) -> str:
    """For a person in a terminal."""
    lines = [headline(difference)]
    for title, header, rows in _sections(difference):
        lines += ["", title, *table(header, [tuple(printable(cell) for cell in row) for row in rows[:shown]])]
        lines += [f"  … and {len(rows) - shown} more: --format json"] if len(rows) > shown else []
    return "\n".join(lines)


def as_markdown(difference: Difference, shown: int = SHOWN) -> str:
    """For a report that is read in a browser or sent by mail."""
    lines = [f"# {headline(difference)}"]
    for title, header, rows in _sections(difference):
        lines += ["", f"## {title}", "", _row(header), _row(["---"] * len(header)), *(_row(row) for row in rows[:shown])]
        lines += ["", f"… and {len(rows) - shown} more, in `diff.json`."] if len(rows) > shown else []
    return "\n".join(lines) + "\n"


def headline(difference: Difference) -> str:
    if difference.before is None:
        return f"{difference.after} is the first build: {difference.totals['added']} figures"
    if difference.is_empty:
        return f"{difference.before} and {difference.after} have the same figures and findings"
    figures, findings = difference.totals, difference.finding_totals
    return (
        f"{difference.before} → {difference.after}: "
        f"{figures['added']} figures added, {figures['changed']} changed, {figures['gone']} gone; "
        f"{findings['new']} new findings, {findings['resolved']} resolved"
    )


def _sections(difference: Difference) -> Iterator[tuple[str, Sequence[str], Rows]]:
    if difference.documents:
        rows: Rows = [(d.change, d.disclosure_key, d.file_name, d.document_id[:12]) for d in difference.documents]
        yield "Documents", ("change", "disclosure", "file", "SHA-256"), rows
    if difference.years:
        years: Rows = [
            (y.department_key, *(str(n) for n in (y.fiscal_year, y.added, y.changed, y.gone))) for y in difference.years
        ]
        yield "Figures by department and year", YEAR_HEADER, years
    by_change: Mapping[str, list[FigureChange]] = {
        change: [f for f in difference.figures if f.change == change] for change in ("changed", "gone", "added")
    }
    for change, figures in by_change.items():
        if figures:
            yield f"Figures {change}", FIGURE_HEADER, [_figure(figure) for figure in figures]
    if difference.findings:
        yield "Findings", FINDING_HEADER, [_finding(finding) for finding in difference.findings]
    tables: Rows = [(t.table, _number(t.before), _number(t.after)) for t in difference.tables if t.before != t.after]
    if tables and difference.before is not None:
        yield "Rows", ("table", "before", "after"), tables


def _figure(figure: FigureChange) -> tuple[str, ...]:
    row = " ".join(part for part in (figure.side, figure.row_code, figure.row_label) if part)
    turn = f" ({figure.occurrence})" if figure.occurrence > 1 else ""
    return (
        figure.change,
        figure.disclosure_key,
        figure.form_code,
        row + turn,
        figure.column_code,
        _amount(figure.before),
        _amount(figure.after),
        _number(figure.page_after or figure.page_before),
    )


def _finding(finding: FindingChange) -> tuple[str, ...]:
    return (
        finding.change,
        finding.department_name,
        f"{finding.fiscal_year} {finding.disclosure_kind.replace('_', ' ')}",
        finding.file_name,
        _number(finding.source_page),
        finding.check_name,
        finding.reason,
    )


def _amount(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,}"


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(printable(cell).replace("\\", "\\\\").replace("|", "\\|") for cell in cells) + " |"
