"""``juesuan sql``: a quick question to the published warehouse."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from ingest.departments import find_department
from ingest.home import Home
from ingest.publish.inputs import find_project
from ingest.publish.sql import literal
from reporting.files import written_aside
from reporting.query import QueryFailed, answer_count, answers, nearest, opened, tables, time_limit
from reporting.questions import Question, compiled, read_questions
from reporting.result_formats import TEXT_FORMATS, WIDEST, write_parquet, write_table

SUFFIXES = {".csv": "csv", ".json": "json", ".md": "markdown", ".parquet": "parquet", ".txt": "table"}
ROWS_SHOWN = 100

TABLES = """
select
    table_name as "table",
    split_part(comment, '. ', 1) as description
from duckdb_tables()
where schema_name = 'marts'
order by table_name
"""
COLUMNS = """
select
    column_name as "column",
    lower(data_type) as type,
    comment as description
from duckdb_columns()
where schema_name = 'marts' and table_name = {table}
order by column_index
"""


class Misunderstood(Exception):
    """The options do not go together."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How an answer is written; of a table, how many rows, and places of a column of text: ``None`` is all."""

    name: str
    limit: int | None
    widest: int | None


def sql_command(arguments: argparse.Namespace, home: Home) -> None:
    """Answer what is asked.

    Raises :class:`Misunderstood`, :class:`~reporting.query.QueryFailed`, :class:`~reporting.files.FileThere` or, of the
    variable of an analysis, :class:`~ingest.departments.NothingFound`.
    """
    form = _format(arguments)
    if arguments.limit is not None and form != "table":
        raise Misunderstood("--limit is for the table; say limit in the SQL")
    if not home.warehouse.is_file():
        raise QueryFailed(f"nothing is published in {home.path} yet: run juesuan ingest PATH…, then juesuan build")
    asked = _asked(arguments, home.warehouse)
    with opened(home.warehouse) as connection, time_limit(connection, arguments.timeout):
        if arguments.describe is not None:
            asked = _columns_of(connection, arguments.describe)
        count = answer_count(asked)
        if form != "table" and count != 1:
            raise Misunderstood(f"{form} holds one answer, and {count} statements give one; ask one, or use --format table")
        listing = arguments.tables or arguments.analyses or arguments.describe is not None
        shown = _Form(
            form,
            limit=None if listing or arguments.limit == 0 else arguments.limit or ROWS_SHOWN,
            widest=None if listing else WIDEST,
        )
        if arguments.output is None:
            _write(connection, asked, shown, sys.stdout, getattr(sys.stdout, "buffer", None))
            return
        with (
            written_aside(arguments.output, force=arguments.force) as aside,
            aside.open("wb") as binary,
            io.TextIOWrapper(binary, encoding="utf-8", newline="", write_through=True) as text,
        ):
            _write(connection, asked, shown, text, binary)
    print(f"written: {arguments.output}", file=sys.stderr)


def _format(arguments: argparse.Namespace) -> str:
    """What was asked for, else what the name of the file says, else a table."""
    if arguments.json:
        if arguments.format not in (None, "json"):
            raise Misunderstood(f"--json and --format {arguments.format} do not go together")
        return "json"
    output: Path | None = arguments.output
    form: str | None = arguments.format
    if form is None and output is not None:
        form = SUFFIXES.get(output.suffix.lower())
        if form is None:
            raise Misunderstood(f"{output}: its name tells no format; say --format")
    if form == "parquet" and output is None and sys.stdout.isatty():
        raise Misunderstood("Parquet is nothing for a terminal; say --output FILE")
    return form or "table"


def _asked(arguments: argparse.Namespace, warehouse: Path) -> str:
    """The SQL: from the command line, a file or standard input; empty if a table is to be described."""
    ways = (
        *(given is not None for given in (arguments.sql, arguments.file, arguments.describe, arguments.analysis)),
        arguments.tables,
        arguments.analyses,
    )
    if sum(ways) != 1:
        raise Misunderstood(
            "ask one thing: a statement, - for standard input, --file, --analysis, --analyses, --tables or --describe"
        )
    if arguments.var and arguments.analysis is None:
        raise Misunderstood("--var belongs to --analysis")
    if arguments.tables:
        return TABLES
    if arguments.analyses:
        return _listed(read_questions(find_project()))
    if arguments.analysis is not None:
        return _analysis(arguments.analysis, arguments.var, warehouse)
    if arguments.describe is not None:
        return ""
    if arguments.file is not None and str(arguments.file) != "-":
        try:
            return str(arguments.file.read_text(encoding="utf-8-sig"))
        except UnicodeDecodeError:
            raise Misunderstood(f"{arguments.file} is not UTF-8") from None
    if arguments.file is not None or arguments.sql == "-":
        return sys.stdin.read()
    return str(arguments.sql)


def _listed(questions: Sequence[Question]) -> str:
    rows = ", ".join(f"({literal(each.name)}, {literal(each.question)}, {literal(each.notes)})" for each in questions)
    return f"select * from (values {rows}) as questions(analysis, question, notes)"


def _analysis(name: str, given: Sequence[str], warehouse: Path) -> str:
    """The SQL of an analysis with its variables, each given as NAME=VALUE; a department may be given by any of its names."""
    questions = {question.name: question for question in read_questions(find_project())}
    if name not in questions:
        raise QueryFailed(f"there is no analysis {name}; juesuan sql --analyses lists what there is")
    question = questions[name]
    variables = {}
    for one in given:
        variable, sign, value = one.partition("=")
        if not sign:
            raise Misunderstood(f"--var {one}: say it as NAME=VALUE")
        if variable not in question.variables:
            raise Misunderstood(f"{name} has no variable {variable}; {_known(question)}")
        variables[variable] = value
    if variables.get("department"):
        with closing(duckdb.connect(warehouse, read_only=True)) as connection:
            variables["department"] = find_department(connection, variables["department"])
    return compiled(question.path, variables)


def _known(question: Question) -> str:
    return f"it has {', '.join(question.variables)}" if question.variables else "it has none"


def _columns_of(connection: duckdb.DuckDBPyConnection, named: str) -> str:
    known = tables(connection)
    table = named.removeprefix("marts.")
    if table not in known:
        raise QueryFailed(f"there is no table {named}; {nearest(named, known)}")
    return COLUMNS.format(table=literal(table))


def _write(connection: duckdb.DuckDBPyConnection, asked: str, form: _Form, text: IO[str], binary: IO[bytes] | None) -> None:
    """All answers; ``binary`` is what lies under ``text``."""
    for number, answer in enumerate(answers(connection, asked)):
        if form.name == "parquet":
            assert binary is not None  # standard output has one; only tests take it away
            write_parquet(answer, binary)
        elif form.name == "table":
            text.write("\n" if number else "")
            write_table(answer, text, limit=form.limit, widest=form.widest)
        else:
            TEXT_FORMATS[form.name](answer, text)
