"""What ``build.json`` says of a build, and the marker that says that a build is whole.

The record is written when all is known, the marker after everything else: a folder without it is not a build that may be
published, whatever else it holds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingest.home import Home
from ingest.publish.dbt import TestResult
from ingest.publish.inputs import InputDocument, InputRejection, Inputs

RECORD_FILE = "build.json"
MARKER_FILE = "SUCCESS"
STATE_FILE = "nightly.json"  # of the home


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """All that is known of a build when it is ready to be published, or when it has failed."""

    build_id: str
    status: str  # passed | failed
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    started_at: str
    seconds: float
    inputs: Inputs
    versions: Mapping[str, str]  # of the packages that decide what is built
    outcomes: Mapping[str, Mapping[str, int]]  # resource type -> status -> count
    row_counts: Mapping[str, int]
    node_seconds: Mapping[str, float]
    # Builds of before there were nights have none of these.
    finished_at: str = ""
    previous: str | None = None  # the build that was published when this one was made
    fingerprint: str = ""  # equal for two builds that cannot differ but in times
    code: Mapping[str, str | None] = field(default_factory=dict)  # version, commit, digests
    packages: Mapping[str, str] = field(default_factory=dict)
    phases: Mapping[str, float] = field(default_factory=dict)  # seconds by phase
    documents: tuple[InputDocument, ...] = ()
    rejections: tuple[InputRejection, ...] = ()
    rows_by_year: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # mart -> fiscal year -> rows
    content: Mapping[str, str] = field(default_factory=dict)  # mart -> SHA-256 of its rows without our own times
    tests: tuple[TestResult, ...] = ()
    waivers: Mapping[str, Any] = field(default_factory=dict)
    explained: tuple[str, ...] = ()  # tables that have fewer rows than before, and why that is right

    @property
    def findings(self) -> int | None:
        return self.row_counts.get("rpt_finding")


class RecordUnreadable(Exception):
    """A ``build.json`` that this version did not write."""


def write_json(path: Path, value: object) -> None:
    """Write a file so that it is there whole or not at all, even after a power failure."""
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("w", encoding="utf-8") as stream:
        json.dump(value, stream, ensure_ascii=False, indent=2, default=str)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def write_record(folder: Path, record: BuildRecord) -> None:
    write_json(folder / RECORD_FILE, asdict(record))


def read_record(folder: Path) -> BuildRecord | None:
    """The record of a build, or ``None`` where the build was interrupted before it wrote one."""
    path = folder / RECORD_FILE
    if not path.is_file():
        return None
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        lists = {name: tuple(values.get(name, ())) for name in ("problems", "warnings", "explained")}
        rows = {
            "inputs": Inputs(**values["inputs"]),
            "documents": tuple(InputDocument(**row) for row in values.get("documents", ())),
            "rejections": tuple(InputRejection(**row) for row in values.get("rejections", ())),
            "tests": tuple(TestResult(**row) for row in values.get("tests", ())),
        }
        return BuildRecord(**values | lists | rows)
    except (ValueError, TypeError, KeyError) as error:
        raise RecordUnreadable(f"{path} was written by another version, or by hand") from error


def mark_whole(folder: Path, record: BuildRecord) -> None:
    """Write the last file of a build, after all others have reached the disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".duckdb", ".parquet", ".json", ".md"}:
            sync(path)
    # A file that reached the disk is found again only if its folder did.
    for path in (*(path for path in folder.rglob("*") if path.is_dir()), folder, folder.parent):
        sync(path)
    write_json(folder / MARKER_FILE, {"build_id": record.build_id, "fingerprint": record.fingerprint, "at": record.finished_at})
    sync(folder)


def sync(path: Path) -> None:
    """Wait until a file, or the entries of a folder, have reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_whole(folder: Path) -> bool:
    return (folder / MARKER_FILE).is_file()


def read_state(home: Home) -> dict[str, Any]:
    """What the last night left in ``nightly.json``; empty where there was none."""
    with suppress(OSError, ValueError):
        state = json.loads((home.path / STATE_FILE).read_text(encoding="utf-8"))
        return state if isinstance(state, dict) else {}
    return {}
