"""What does not agree in the published warehouse: ``marts.rpt_finding``, one row a figure that is most likely wrong.

The warehouse judges; here its findings are asked for and written out. Each carries its page and printed text, what the other
figures let expect, and what else it breaks, so that a reader can open the file and see for himself.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import groupby

import duckdb

from ingest.cells import markdown_cell, spreadsheet_cell
from ingest.departments import NothingFound, find_department, some
from ingest.home import Home
from ingest.terminal import as_json, lines_of, printable

FOUND, NOT_FOUND = 0, 1
NEW_SHOWN = 5


@dataclass(frozen=True, slots=True)
class FindingQuestion:
    """Which findings are asked for. What is ``None`` does not narrow."""

    department: str | None = None
    year: int | None = None
    kind: str | None = None
    severity: str | None = None
    family: str | None = None
    new: bool = False  # only those that seeds/known_discrepancy.csv does not list
    superseded: bool = False  # also those of documents that others of their disclosure superseded


@dataclass(frozen=True, slots=True)
class Finding:
    """A row of ``marts.rpt_finding``. Amounts are in yuan, rates in percent, counts as printed."""

    department_name: str
    fiscal_year: int
    disclosure_kind: str
    disclosure_key: str
    file_name: str
    document_id: str
    source_page: int | None
    source_table: int | None
    source_row: int | None
    source_column: int | None
    severity: str
    family: str
    check_name: str
    place_kind: str
    form_code: str | None
    side: str | None
    row_code: str | None
    row_label: str | None
    column_code: str | None
    printed_text: str | None
    unit: str | None
    printed_value: Decimal | None
    expected_value: Decimal | None
    allowed_low: Decimal | None
    allowed_high: Decimal | None
    excess: Decimal | None
    reason: str
    sentence: str | None
    broken_check_count: int
    kept_check_count: int
    suspect_count: int
    also_breaks: str | None
    contradicts: str | None
    is_known: bool
    whose_error: str | None
    known_reason: str | None
    known_since: date | None
    confidence: Decimal | None  # how surely the figure was recognised; None where the file holds text
    is_recognised: bool  # from a picture, it or what contradicts it: perhaps misread
    media_type: str | None = None  # of the file: a text file has lines where others have tables


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what could be checked was checked, in the disclosures that were asked for."""

    disclosures: int
    identities: int
    identities_evaluated: int
    claims: int
    claims_evaluated: int


COLUMNS = tuple(field.name for field in fields(Finding))
OF_DOCUMENT = ("media_type",)

FINDINGS = f"""
select {", ".join(f"{'d' if column in OF_DOCUMENT else 'f'}.{column}" for column in COLUMNS)}
from (select * from marts.rpt_finding where {{conditions}}) as f
left join marts.dim_document as d on f.document_id = d.document_id
order by
    f.department_name, f.fiscal_year, f.disclosure_kind, f.file_name,
    f.source_page nulls first, f.source_table, f.source_row, f.finding_key
"""

COVERAGE = """
select
    count(*),
    coalesce(sum(within_form_applicable + across_forms_applicable + across_documents_applicable), 0),
    coalesce(sum(within_form_evaluated + across_forms_evaluated + across_documents_evaluated), 0),
    coalesce(sum(claims_stated), 0),
    coalesce(sum(claims_evaluated), 0)
from marts.rpt_disclosure_quality
where {conditions}
"""


def find_findings(connection: duckdb.DuckDBPyConnection, question: FindingQuestion) -> tuple[list[Finding], Coverage]:
    """The findings that are asked for, and how much was checked. Raises :class:`NothingFound` where nothing is loaded."""
    about: dict[str, object] = {}
    if question.department is not None:
        about["department_key"] = find_department(connection, question.department)
    if question.year is not None:
        about["fiscal_year"] = question.year
    if question.kind is not None:
        about["disclosure_kind"] = question.kind
    row = connection.execute(COVERAGE.format(conditions=_equal(about)), list(about.values())).fetchone()
    assert row is not None  # an aggregate has a row
    coverage = Coverage(*(int(number) for number in row))
    if coverage.disclosures == 0:
        raise NothingFound(_why_nothing(connection, question, about))
    narrowed = dict(about)
    if question.severity is not None:
        narrowed["severity"] = question.severity
    if question.family is not None:
        narrowed["family"] = question.family
    if question.new:
        narrowed["is_known"] = False
    if not question.superseded:
        narrowed["is_current"] = True
    rows = connection.execute(FINDINGS.format(conditions=_equal(narrowed)), list(narrowed.values())).fetchall()
    return [Finding(*values) for values in rows], coverage


def _equal(conditions: Mapping[str, object]) -> str:
    return " and ".join(f"{column} = ?" for column in conditions) or "true"


def _why_nothing(connection: duckdb.DuckDBPyConnection, question: FindingQuestion, about: Mapping[str, object]) -> str:
    """What is loaded instead of what was asked for."""
    whose = {column: value for column, value in about.items() if column == "department_key"}
    years = connection.execute(
        f"select distinct fiscal_year from marts.dim_disclosure where {_equal(whose)} order by 1", list(whose.values())
    ).fetchall()
    of = f" of {question.department}" if question.department else ""
    when = f" for {question.year}" if question.year is not None else ""
    kind = f" {question.kind.replace('_', ' ')}" if question.kind else ""
    return f"no{kind} disclosure{of} is loaded{when}; there is: {some(year for (year,) in years) or 'nothing'}"


# --- The command ---


def findings_command(arguments: argparse.Namespace, home: Home) -> int:
    """``juesuan findings``: 0 answered, whatever was found; 1 nothing is loaded or published."""
    question = FindingQuestion(**{field.name: getattr(arguments, field.name) for field in fields(FindingQuestion)})
    try:
        if not home.warehouse.is_file():
            raise NothingFound(f"nothing is published in {home.path} yet: run juesuan ingest PATH…, then juesuan build")
        with closing(duckdb.connect(home.warehouse, read_only=True)) as connection:
            findings, coverage = find_findings(connection, question)
    except NothingFound as error:
        print(f"juesuan findings: {printable(str(error))}", file=sys.stderr)
        if arguments.json:
            print(as_json({"error": str(error), "findings": []}))
        return NOT_FOUND
    except duckdb.CatalogException:
        print("juesuan findings: the published build is of before there were findings; run juesuan build", file=sys.stderr)
        return NOT_FOUND
    form = "json" if arguments.json else arguments.format
    print(FORMATS[form](findings, coverage))
    return FOUND


def render_text(findings: Sequence[Finding], coverage: Coverage) -> str:
    """Findings for a person at a terminal: by file, the gist of each in a line, and what it rests on below."""
    lines: list[str] = []
    for key, group in groupby(findings, key=_file):
        lines += [_headline(*key), *(line for finding in group for line in _told(finding)), ""]
    return lines_of([*lines, summary(findings, coverage)])


def told_after_build(home: Home) -> list[str]:
    """What a build found, and of what nobody has looked up yet the first few; nothing where the build has no findings table."""
    try:
        with closing(duckdb.connect(home.warehouse, read_only=True)) as connection:
            findings, coverage = find_findings(connection, FindingQuestion())
    except (duckdb.CatalogException, NothingFound):
        return []
    new = [finding for finding in findings if not finding.is_known]
    lines = [summary(findings, coverage), *(f"new: {finding.file_name}, {gist(finding)}" for finding in new[:NEW_SHOWN])]
    if len(new) > NEW_SHOWN:
        lines.append(f"… and {len(new) - NEW_SHOWN} more that are new")
    return [printable(line) for line in [*lines, *(["all of it: juesuan findings"] if findings else [])]]


def _file(finding: Finding) -> tuple[str, int, str, str]:
    return finding.department_name, finding.fiscal_year, finding.disclosure_kind, finding.file_name


def _headline(department: str, year: int, kind: str, file_name: str) -> str:
    return f"{department} · {year} {kind.replace('_', ' ')} · {file_name}"


def _told(finding: Finding) -> Iterable[str]:
    yield f"  {gist(finding)}  [{finding.check_name}, {finding.severity.replace('_', ' ')}]"
    yield f"      {finding.reason}"
    if finding.sentence:
        yield f"      printed: {' '.join(finding.sentence.split())}"
    if finding.is_recognised:
        yield f"      {unconfirmed(finding)}"
    if finding.suspect_count > 1:
        yield f"      one of {finding.suspect_count} figures that nothing tells apart"
    if finding.also_breaks:
        yield f"      also breaks: {finding.also_breaks}"
    if finding.contradicts:
        yield f"      contradicts: {finding.contradicts}"
    if finding.is_known:
        yield f"      known since {finding.known_since} ({finding.whose_error}): {finding.known_reason}"


def unconfirmed(finding: Finding) -> str:
    """What to say of a finding that may be a misreading."""
    how = "" if finding.confidence is None else f" with confidence {int(finding.confidence * 100) / 100:.2f}"
    return f"unconfirmed: read from a picture{how}, so perhaps misread; check the page"


def where(finding: Finding) -> str:
    """Page, table, row and column as ``juesuan explain`` tells them; of prose and of text files the line."""
    parts = [f"page {finding.source_page}" if finding.source_page is not None else "no page"]
    is_text = finding.media_type == "text/plain"
    if finding.source_row is not None:
        # A text file has no rows to count but its lines.
        in_table = finding.source_table is not None and not is_text
        parts += [f"table {finding.source_table}", f"row {finding.source_row}"] if in_table else [f"line {finding.source_row}"]
    if finding.source_column is not None:
        parts.append(f"column {finding.source_column}")
    return ", ".join(parts)


def gist(finding: Finding) -> str:
    """Place, printed text and what is expected, in one line."""
    page = where(finding)
    name = " ".join(part for part in (finding.form_code, finding.row_code, finding.row_label) if part)
    column = f", {finding.column_code}" if finding.column_code else ""
    place = f" · {name}{column}" if name else ""
    printed = " ".join((finding.printed_text or "nothing").split())
    text = f"{page}{place}: printed {printed!r}{f' {finding.unit}' if finding.unit else ''}"
    if finding.expected_value is None:
        return text
    low, high = number(finding.allowed_low), number(finding.allowed_high)
    allowed = "exactly that" if low == high else f"{low} to {high}"
    return f"{text}, expected {expected(finding)} (allowed: {allowed}; {number(finding.excess)} outside)"


def expected(finding: Finding) -> str:
    """What the other figures let expect, with the unit that it is in: an amount is in yuan, whatever the form is in."""
    if finding.expected_value is None:
        return ""
    unit = finding.unit or ""
    return f"{number(finding.expected_value)} {'元' if unit.endswith('元') else unit}".rstrip()


def number(value: Decimal | None) -> str:
    """A figure with thousands separators and two decimals, or up to four where it has more."""
    if value is None:
        return ""
    rounded = round(value, 4).normalize()
    decimals = max(2, -int(str(rounded.as_tuple().exponent)))
    return f"{rounded:,.{decimals}f}"


def summary(findings: Sequence[Finding], coverage: Coverage) -> str:
    """How much was found, and in how much that could be checked: no finding is no proof."""
    material = sum(finding.severity == "material" for finding in findings)
    new = sum(not finding.is_known for finding in findings)
    recognised = sum(finding.is_recognised for finding in findings)
    pictures = f", {recognised} unconfirmed" if recognised else ""
    return (
        f"{_count(len(findings), 'finding')} ({material} material, {new} not listed as known{pictures}) "
        f"in {_count(coverage.disclosures, 'disclosure')}; "
        f"evaluated: {coverage.identities_evaluated} of {coverage.identities} identities, "
        f"{coverage.claims_evaluated} of {coverage.claims} stated figures"
    )


def _count(number_of: int, thing: str) -> str:
    return f"{number_of} {thing}{'' if number_of == 1 else 's'}"


def render_json(findings: Sequence[Finding], coverage: Coverage) -> str:
    document = {"coverage": asdict(coverage), "findings": [asdict(finding) for finding in findings]}
    return as_json(document)


def render_csv(findings: Sequence[Finding], coverage: Coverage) -> str:
    return _csv(COLUMNS, ([spreadsheet_cell(getattr(finding, column)) for column in COLUMNS] for finding in findings))


def render_markdown(findings: Sequence[Finding], coverage: Coverage) -> str:
    """Findings for a report: a heading a file, a table below."""
    lines = ["# Findings", "", summary(findings, coverage), ""]
    for key, group in groupby(findings, key=_file):
        lines += [f"## {markdown_cell(_headline(*key))}", ""]
        lines += [
            "| page | place | printed | expected | outside by | check | reason | also breaks |",
            "|---|---|---|---|---|---|---|---|",
        ]
        lines += [f"| {' | '.join(markdown_cell(text) for text in _markdown_row(finding))} |" for finding in group]
        lines.append("")
    return "\n".join(lines).rstrip()


def _markdown_row(finding: Finding) -> tuple[str, ...]:
    name = " ".join(part for part in (finding.form_code, finding.row_code, finding.row_label, finding.column_code) if part)
    return (
        str(finding.source_page or ""),
        name,
        " ".join(part for part in (finding.printed_text, finding.unit) if part),
        expected(finding),
        number(finding.excess),
        f"{finding.check_name} ({finding.severity})",
        f"{finding.reason} ({unconfirmed(finding)})" if finding.is_recognised else finding.reason,
        finding.also_breaks or "",
    )


def render_seed(findings: Sequence[Finding], coverage: Coverage) -> str:
    """Lines to check on the page and paste into seeds/known_discrepancy.csv."""
    columns = ("document_id", "file_name", "check_name", "source_page", "printed", "expected", "whose_error", "reason", "since")
    rows = (
        (
            *(finding.document_id, finding.file_name, finding.check_name, finding.source_page, finding.printed_text),
            *(_plain(finding.expected_value), "publisher", finding.reason, date.today().isoformat()),
        )
        for finding in findings
        if not finding.is_known
    )
    return _csv(columns, rows)


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{round(value, 2):f}"


def _csv(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([printable(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().rstrip("\n")


FORMATS: Mapping[str, Callable[[Sequence[Finding], Coverage], str]] = {
    "table": render_text,
    "csv": render_csv,
    "json": render_json,
    "markdown": render_markdown,
    "seed": render_seed,
}
