"""Which department a person means: by its key, by one of its names, or by a part of them that only it has."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import duckdb

from ingest.text import squash

SUGGESTIONS = 8


class NothingFound(Exception):
    """Nothing matches: the message says which part of the question has no answer, and what has one."""


def find_department(connection: duckdb.DuckDBPyConnection, asked: str) -> str:
    """The key of the department that is meant. Raises :class:`NothingFound` where there is none or more than one."""
    names = connection.execute("select department_key, department_name from marts.dim_department_name").fetchall()
    if not names:
        raise NothingFound("the warehouse holds no department yet: ingest disclosures and build it")
    wanted = squash(asked)
    for matches in (
        {key: name for key, name in names if key == asked},
        {key: name for key, name in names if squash(name) == wanted},
        {key: name for key, name in names if wanted in squash(name)},
    ):
        if len(matches) == 1:
            return str(next(iter(matches)))
        if matches:
            found = some(sorted(matches.values()))
            raise NothingFound(f"{asked!r} is part of the names of {len(matches)} departments: {found}; say which")
    every_name = sorted({name for _, name in names})
    near = get_close_matches(wanted, every_name, n=SUGGESTIONS, cutoff=0.3)
    raise NothingFound(f"no department is called {asked!r}; the nearest names are: {some(near or every_name)}")


def some(values: Iterable[object]) -> str:
    """The first of several values, and how many there are beside them."""
    listed = [str(value) for value in values]
    more = f" and {len(listed) - SUGGESTIONS} more" if len(listed) > SUGGESTIONS else ""
    return ", ".join(listed[:SUGGESTIONS]) + more
