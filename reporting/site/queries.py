"""The queries behind the pages: one file each, run once for many pages and shown on each page narrowed to it.

A query ends in a select over a CTE that has the columns by which it can be narrowed; ``$scope`` stands for that condition.
What a page shows is the text of the query with its own condition, and answers exactly the rows that the page was made from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb

from reporting.warehouse import Value, literal

Row = dict[str, Any]

# Where a file has no $scope it is a query about the whole warehouse.
_SCOPE = "$scope"


@cache
def query_text(name: str) -> str:
    """The text of ``queries/<name>.sql``."""
    return (files(__package__) / "queries" / f"{name}.sql").read_text(encoding="utf-8").strip()


def query_names() -> list[str]:
    """The names of all queries."""
    return sorted(entry.name.removesuffix(".sql") for entry in (files(__package__) / "queries").iterdir() if entry.name != ".")


def narrowed(name: str, scope: Mapping[str, Value] | None = None) -> str:
    """A query as a reader can paste it. ``scope``: column to its value, or to a list of values that it may have."""
    conditions = [
        f"{column} in ({', '.join(literal(each) for each in value)})"
        if isinstance(value, Sequence) and not isinstance(value, str)
        else f"{column} = {literal(value)}"
        for column, value in (scope or {}).items()
    ]
    text = query_text(name)
    if scope:
        return text.replace(_SCOPE, " and ".join(conditions))
    return re.sub(rf"where {re.escape(_SCOPE)}\n", "", text)


def run(connection: duckdb.DuckDBPyConnection, name: str, scope: Mapping[str, Value] | None = None) -> list[Row]:
    """The rows of a query, narrowed or whole: column to value, amounts as exact decimals."""
    answer = connection.execute(narrowed(name, scope))
    columns = [column[0] for column in answer.description]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]


def by(rows: Iterable[Row], *columns: str) -> dict[Any, list[Row]]:
    """Rows in groups: by the value of one column, or by a tuple of several. A group that is not there is empty."""
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[columns[0]] if len(columns) == 1 else tuple(row[column] for column in columns)].append(row)
    return groups
