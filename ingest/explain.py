"""Where a figure comes from: the file, page, table, row and column, and the text that stands there.

Every amount in the marts is one printed amount, or is named by a mart after a row and a column of printed amounts. So a
figure of any mart is explained by the rows of ``marts.fct_reported_amount`` that the mart took it from.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation

import duckdb

from ingest.departments import NothingFound, find_department, some
from ingest.home import Home
from ingest.terminal import as_json, lines_of, printable
from ingest.text import squash

FOUND, NOT_FOUND, MISUSE = 0, 1, 2
FIGURES_SHOWN = 40

# For each mart of figures, its columns that name a printed amount, and what they are in fct_reported_amount. A mart that
# has a column for each kind of amount (basic_amount) names them so: --column basic and --column basic_amount both do.
MARTS: Mapping[str, Mapping[str, str]] = {
    "fct_reported_amount": {},
    "fct_expenditure_by_function": {"form_code": "form_code", "functional_code": "row_code"},
    "fct_income_by_function": {"form_code": "form_code", "functional_code": "row_code"},
    "fct_expenditure_by_economic_class": {"form_code": "form_code", "economic_code": "row_code"},
    "fct_income_expenditure_summary": {"form_code": "form_code", "side": "side", "printed_label": "row_label"},
    "fct_three_public_expenses": {"phase": "row_label", "measure": "column_code"},
    "fct_fund_movement": {"form_code": "form_code", "row_order": "row_order"},
    "fct_supplementary_information": {
        "form_code": "form_code",
        "printed_label": "row_label",
        "column_code": "column_code",
    },
    "rpt_form_reconciliation": {"form_code": "form_code", "row_label": "row_label", "column_code": "column_code"},
}
# Forms whose code a mart does not repeat, since it has only one.
FORM_OF_MART = {"fct_three_public_expenses": "three_public_expenses"}


class BadQuestion(Exception):
    """The question itself cannot be understood."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which figures are asked for. What is ``None`` does not narrow."""

    department: str
    year: int
    kind: str | None = None
    form: str | None = None
    code: str | None = None
    label: str | None = None
    column: str | None = None
    amount: Decimal | None = None
    mart: str | None = None


@dataclass(frozen=True, slots=True)
class OtherFigure:
    """What another document of the disclosure prints in the place of a figure; ``amount`` is ``None`` where it prints nothing."""

    file_name: str
    is_current: bool  # whether the other one is the current document
    outcome: str  # different | added | gone | rounding | zero_or_blank, of the current document against the other
    amount: Decimal | None
    amount_text: str | None
    unit: str | None
    source_page: int | None
    source_row: int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed amount and its place."""

    department_name: str
    fiscal_year: int
    disclosure_kind: str
    reporting_scope: str
    form_code: str
    form_title: str | None
    side: str | None
    row_code: str | None
    row_label: str
    column_code: str
    column_header: str
    amount: Decimal  # in yuan; counts as printed
    amount_text: str
    unit: str
    source_page: int
    source_table: int
    source_row: int
    source_column: int
    file_path: str
    document_id: str
    media_type: str
    confidence: Decimal | None  # of what was recognised; None where the file holds text
    is_current: bool
    superseded_by: str | None  # name of the current document, where this one is superseded
    superseded_because: str | None
    other_paths: tuple[str, ...] = ()  # where else the same bytes lie, or lay
    others: tuple[OtherFigure, ...] = ()  # documents of the disclosure that print it otherwise


_FIGURES = """
from marts.fct_reported_amount as a
inner join marts.dim_disclosure as d on a.disclosure_key = d.disclosure_key
inner join marts.dim_document as f on a.document_id = f.document_id
left join marts.fct_disclosed_form as t on a.document_id = t.document_id and a.form_code = t.form_code
left join marts.bridge_disclosure_document as b on a.document_id = b.document_id and a.form_code = b.part
left join marts.dim_document as c on b.superseded_by_document_id = c.document_id
"""
_COLUMNS = """
select
    d.department_name, a.fiscal_year, a.disclosure_kind, d.reporting_scope, a.form_code, t.title, a.side, a.row_code, a.row_label,
    a.column_code, a.column_header, a.amount, a.amount_text, a.unit, a.source_page, a.source_table, a.source_row, a.source_column,
    f.file_path, a.document_id, f.media_type, a.confidence, a.is_current, c.file_name,
    case when not a.is_current then b.reason end
"""
_ORDER = """
order by
    a.disclosure_kind desc, d.department_name, a.is_current desc, f.file_path,
    a.source_page, a.source_table, a.source_row, a.source_column
"""


def find_figures(connection: duckdb.DuckDBPyConnection, question: Question) -> list[Figure]:
    """The printed amounts that a question asks for. Raises :class:`NothingFound` or :class:`BadQuestion`."""
    if question.mart is not None and question.mart not in MARTS:
        raise BadQuestion(f"no figures of printed documents in {question.mart!r}; there are: {', '.join(MARTS)}")
    department = find_department(connection, question.department)
    where = _Where.of(question, department)
    rows = connection.execute(f"{_COLUMNS} {_FIGURES} {where.sql} {_ORDER}", where.values).fetchall()
    if not rows:
        raise NothingFound(_why_nothing(connection, question, department))
    others, paths = _other_figures(connection), _other_paths(connection)
    return [
        replace(figure, other_paths=paths.get(figure.document_id, ()), others=tuple(others.get(_cell(figure), ())))
        for figure in (Figure(*row) for row in rows)
    ]


_Cell = tuple[str, int, int, int, int]  # document, page, table, row, column


def _cell(figure: Figure) -> _Cell:
    return (figure.document_id, figure.source_page, figure.source_table, figure.source_row, figure.source_column)


def _other_figures(connection: duckdb.DuckDBPyConnection) -> Mapping[_Cell, list[OtherFigure]]:
    """What other documents print in the place of a figure, by the place where it is printed."""
    found: dict[_Cell, list[OtherFigure]] = {}
    for ours, theirs, is_current in (("current", "other", False), ("other", "current", True)):
        rows = connection.execute(
            f"""
            select
                {ours}_document_id, {ours}_page, {ours}_table, {ours}_row, {ours}_column, {theirs}_file_name, outcome,
                {theirs}_amount, {theirs}_amount_text, {theirs}_unit, {theirs}_page, {theirs}_row
            from marts.fct_document_difference
            where grain = 'figure' and {ours}_amount is not null
            order by {theirs}_file_name
            """
        ).fetchall()
        for document, page, table, row, column, name, outcome, *printed in rows:
            found.setdefault((document, page, table, row, column), []).append(OtherFigure(name, is_current, outcome, *printed))
    return found


def _other_paths(connection: duckdb.DuckDBPyConnection) -> Mapping[str, tuple[str, ...]]:
    rows = connection.execute(
        """
        select document_id, file_path || case when is_gone then ' (gone)' else '' end
        from marts.dim_document_path
        where not is_read_from
        order by is_gone, file_path
        """
    ).fetchall()
    found: dict[str, tuple[str, ...]] = {}
    for document, path in rows:
        found[document] = (*found.get(document, ()), path)
    return found


@dataclass(frozen=True, slots=True)
class _Where:
    sql: str
    values: list[object]

    @classmethod
    def of(cls, question: Question, department: str) -> _Where:
        conditions = ["a.department_key = ?", "a.fiscal_year = ?"]
        values: list[object] = [department, question.year]
        equal = {
            "a.disclosure_kind": question.kind,
            "a.form_code": question.form or FORM_OF_MART.get(question.mart or ""),
            "a.row_code": None if question.code is None else squash(question.code),
            "a.column_code": None if question.column is None else question.column.removesuffix("_amount"),
            "a.amount": question.amount,
        }
        for column, value in equal.items():
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        if question.label is not None:
            conditions.append("contains(a.row_label, ?)")
            values.append(squash(question.label))
        if question.mart is not None and MARTS[question.mart]:
            same = "".join(f" and m.{theirs} = a.{ours}" for theirs, ours in MARTS[question.mart].items())
            conditions.append(f"exists (select 1 from marts.{question.mart} as m where m.document_id = a.document_id{same})")
        return cls("where " + " and ".join(conditions), values)


# What narrows a question, with the words to say so and where to see what would have matched. The order is that of relaxing.
_NARROWING = {
    "mart": ("--mart", None),
    "amount": ("--amount", "a.amount"),
    "label": ("--label", "a.row_label"),
    "column": ("--column", "a.column_code"),
    "code": ("--code", "a.row_code"),
    "form": ("--form", "a.form_code"),
    "kind": ("--kind", "a.disclosure_kind"),
}


def _why_nothing(connection: duckdb.DuckDBPyConnection, question: Question, department: str) -> str:
    """Which part of a question leaves nothing over, and what there is instead."""
    years = connection.execute(
        "select distinct fiscal_year from marts.dim_disclosure where department_key = ? order by 1", [department]
    ).fetchall()
    if (question.year,) not in years:
        return f"nothing is loaded of {question.department} for {question.year}; there is: {some(year for (year,) in years)}"
    asked = [name for name in _NARROWING if getattr(question, name) is not None]
    without: list[str] = []
    relaxed = question
    for name in asked:
        relaxed = Question(**{**asdict(relaxed), name: None})
        without.append(f"{_NARROWING[name][0]} {getattr(question, name)}")
        where = _Where.of(relaxed, department)
        count = connection.execute(f"select count(*) {_FIGURES} {where.sql}", where.values).fetchone()
        if count and count[0]:
            return f"no figure matches {' and '.join(without)}; without, {count[0]} do{_choices(connection, name, where)}"
    return f"{question.department} {question.year} is loaded, but without a single figure; see juesuan status"


def _choices(connection: duckdb.DuckDBPyConnection, name: str, where: _Where) -> str:
    column = _NARROWING[name][1]
    if column is None:
        return ""
    rows = connection.execute(
        f"select distinct {column} as choice {_FIGURES} {where.sql} and {column} is not null order by 1", where.values
    ).fetchall()
    return f", with: {some(value for (value,) in rows)}"


# --- The command ---


def explain_command(arguments: argparse.Namespace, home: Home) -> int:
    """``juesuan explain``: 0 found, 1 nothing found or nothing published, 2 a question that makes no sense."""
    try:
        figures = _answer(_question(arguments), home)
    except (NothingFound, BadQuestion) as error:
        print(f"juesuan explain: {printable(str(error))}", file=sys.stderr)
        if arguments.json:
            print(as_json({"error": str(error), "figures": []}))
        return MISUSE if isinstance(error, BadQuestion) else NOT_FOUND
    if arguments.json:
        print(as_json({"figures": [asdict(figure) for figure in figures]}))
    else:
        print(render(figures))
    return FOUND


def _question(arguments: argparse.Namespace) -> Question:
    try:
        amount = None if arguments.amount is None else Decimal(squash(arguments.amount).replace(",", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount is not None and not amount.is_finite():
        raise BadQuestion(f"--amount {arguments.amount!r} is no number; give the amount in yuan, such as 12345.67")
    names = ("department", "year", "kind", "form", "code", "label", "column", "mart")
    return Question(**{name: getattr(arguments, name) for name in names}, amount=amount)


def _answer(question: Question, home: Home) -> list[Figure]:
    if not home.warehouse.is_file():
        raise NothingFound(f"nothing is published in {home.path} yet: run juesuan ingest PATH…, then juesuan build")
    with closing(duckdb.connect(home.warehouse, read_only=True)) as connection:
        return find_figures(connection, question)


def render(figures: Sequence[Figure]) -> str:
    """Figures for a person: grouped by file and form, one figure in two lines."""
    lines: list[str] = []
    file, form = "", ("", "")
    for figure in figures[:FIGURES_SHOWN]:
        if figure.document_id != file:
            file, form = figure.document_id, ("", "")
            kind = figure.disclosure_kind.replace("_", " ")
            lines += [
                *([""] if lines else []),
                f"{figure.department_name} · {figure.fiscal_year} {kind} ({figure.reporting_scope})",
                f"file  {figure.file_path}",
                *(f"also  {path}" for path in figure.other_paths),
                f"      SHA-256 {figure.document_id}",
            ]
        if (figure.form_code, figure.side or "") != form:
            form = (figure.form_code, figure.side or "")
            side = f", side {figure.side}" if figure.side else ""
            lines.append(f"form  {figure.form_title or ''} ({figure.form_code}{side})")
            if not figure.is_current:
                lines.append(f"      superseded by {figure.superseded_by}: {figure.superseded_because}")
        lines += [f"      {_row(figure)} · {figure.column_code} = {_money(figure)}", f"        {_place(figure)}"]
        lines += [f"        {_otherwise(other)}" for other in figure.others]
    if len(figures) > FIGURES_SHOWN:
        rest = len(figures) - FIGURES_SHOWN
        lines += ["", f"… and {rest} more: narrow with --form, --code, --label, --column or --amount, or use --json for all"]
    return lines_of(lines)


def _otherwise(other: OtherFigure) -> str:
    which = "the current document" if other.is_current else "the superseded document"
    if other.amount is None:
        return f"{which} {other.file_name} prints nothing there"
    text, place = " ".join((other.amount_text or "").split()), f"page {other.source_page}, row {other.source_row}"
    rounded = ": the same figure within rounding" if other.outcome == "rounding" else ""
    return f"{which} {other.file_name} prints {text!r} in {other.unit} ({place}){rounded}"


def _row(figure: Figure) -> str:
    return f"{figure.row_code} {figure.row_label}" if figure.row_code else figure.row_label


def _money(figure: Figure) -> str:
    unit = "元" if figure.unit.endswith("元") else figure.unit
    return f"{figure.amount:,} {unit}"


def _place(figure: Figure) -> str:
    header = f" under {figure.column_header!r}" if figure.column_header else ""
    # A text file has no rows to count but its lines, and a reader finds a line more quickly than a table.
    table = "line" if figure.media_type == "text/plain" else f"table {figure.source_table}, row"
    place = f"page {figure.source_page}, {table} {figure.source_row}, column {figure.source_column}"
    # The second decimal is cut off, not rounded: 0.997 is no certainty.
    how = "" if figure.confidence is None else f" (recognised, confidence {int(figure.confidence * 100) / 100:.2f})"
    return f"{place}{header}: printed {' '.join(figure.amount_text.split())!r} in {figure.unit}{how}"
