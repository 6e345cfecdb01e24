"""Which bytes lay at a path when it was looked at last: what has the same size and times since then is not hashed again, and an
archive of the same bytes is not looked into again.

A file is taken at its word only if its size, its time of modification and its time of change (which no program can set) are what
they were, and if both times were well past when it was hashed: a file that changes twice within one tick of the clock, or under a
clock that was set back, is hashed again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from time import time_ns
from typing import Any

import duckdb
import pyarrow as pa

from ingest.archives import Member, RefusedMember, Survey
from ingest.files import SourceFile, identify, known_as
from ingest.parsed import Rejected

# Longer than the tick of any file system in use (two seconds on FAT).
MARGIN_NS = 3_000_000_000
SEEN = pa.schema(
    [
        ("file_path", pa.string()),
        ("document_id", pa.string()),
        *((name, pa.int64()) for name in ("byte_size", "modified_ns", "changed_ns", "hashed_ns")),
    ]
)


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it was when it was hashed. Times are in nanoseconds since 1970."""

    file_path: str
    document_id: str
    byte_size: int
    modified_ns: int
    changed_ns: int
    hashed_ns: int

    def still_is(self, status: os.stat_result) -> bool:
        same = (self.byte_size, self.modified_ns, self.changed_ns) == (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        return same and max(self.modified_ns, self.changed_ns) + MARGIN_NS < self.hashed_ns


class Identifier:
    """Identifies files, hashing only those that may have changed; remembers what it hashed."""

    def __init__(self, seen: Mapping[str, SeenFile]) -> None:
        self._seen = seen
        self.hashed: list[SeenFile] = []

    def __call__(self, path: Path) -> SourceFile:
        """Raises :class:`OSError` where the file cannot be read."""
        known = self._seen.get(str(known_as(path)))
        if known is not None and path.is_file() and known.still_is(path.stat()):
            return SourceFile(known_as(path), known.document_id, known.byte_size, path)
        # Looked at before it is read: if it changes in between, its times do not fit the next night and it is hashed again.
        hashed_ns = time_ns()
        before = path.stat() if path.is_file() else None
        source = identify(path)
        if before is not None:
            times = (before.st_mtime_ns, before.st_ctime_ns, hashed_ns)
            self.hashed.append(SeenFile(str(source.path), source.document_id, source.byte_size, *times))
        return source


def seen_files(connection: duckdb.DuckDBPyConnection) -> dict[str, SeenFile]:
    """What staging remembers, by path."""
    rows = connection.execute(
        "select file_path, document_id, byte_size, modified_ns, changed_ns, hashed_ns from staging.seen_file"
    ).fetchall()
    return {row[0]: SeenFile(*row) for row in rows}


def remember(connection: duckdb.DuckDBPyConnection, hashed: Iterable[SeenFile]) -> None:
    """Keep what was hashed for the next run."""
    rows = [asdict(file) for file in hashed]
    if rows:
        connection.register("hashed", pa.Table.from_pylist(rows, schema=SEEN))
        connection.execute("insert or replace into staging.seen_file by name select * from hashed")
        connection.unregister("hashed")


def seen_archives(connection: duckdb.DuckDBPyConnection, version: str) -> dict[tuple[str, str], Survey]:
    """What archives hold, as this parser found it, by path and SHA-256 of the archive."""
    rows = connection.execute(
        "select file_path, document_id, survey from staging.seen_archive where parser_version = ?", [version]
    ).fetchall()
    found: dict[tuple[str, str], Survey] = {}
    for file_path, document_id, survey in rows:
        with suppress(ValueError, TypeError, KeyError):  # one that is not to be read is made again
            found[file_path, document_id] = _survey(json.loads(survey))
    return found


def remember_archives(connection: duckdb.DuckDBPyConnection, version: str, surveys: Iterable[tuple[SourceFile, Survey]]) -> None:
    """Keep what archives were found to hold for the next run."""
    for archive, survey in surveys:
        connection.execute(
            "insert or replace into staging.seen_archive values (?, ?, ?, ?)",
            [str(archive.path), archive.document_id, version, json.dumps(_told(survey), ensure_ascii=False)],
        )


def _told(survey: Survey) -> dict[str, list[list[object]]]:
    return {
        "members": [[m.name, m.entries, m.document_id, m.byte_size] for m in survey.members],
        "refused": [[item.name, *item.reason.__reduce__()[1]] for item in survey.refused],
    }


def _survey(told: Mapping[str, list[list[Any]]]) -> Survey:
    return Survey(
        tuple(Member(name, tuple(entries), document_id, size) for name, entries, document_id, size in told["members"]),
        tuple(RefusedMember(name, Rejected(*reason)) for name, *reason in told["refused"]),
    )
