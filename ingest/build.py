"""Build the warehouse aside, check it, then publish it in one step.

dbt runs in a process of its own: in ours it would keep the database open for writing. Readers follow ``current``, a link that is
swapped only after all checks have passed, so they see the last good build or the new one and nothing between.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import WAREHOUSE_FILE, Home
from ingest.progress import Progress

KEEP_BUILDS = 5
RECORD_FILE = "build.json"
PROJECT_VARIABLE = "JUESUAN_PROJECT"

# A warehouse in which one of these is empty answers no question; a green build of empty tables is worse than none.
KEY_MARTS = ("dim_document", "dim_disclosure", "dim_department", "fct_disclosed_form", "fct_reported_amount")
VERSIONS_OF = ("juesuan", "dbt-core", "dbt-duckdb", "duckdb", "pandas", "pdfplumber", "great-expectations")
# What dbt calls the outcome of a node that stops the build. `skipped` follows from one of these.
FAILURES = frozenset({"error", "fail", "runtime error"})


class NothingToBuild(Exception):
    """There is no staging, or no document in it."""


class ProjectMissing(Exception):
    """The dbt project is not where it was looked for."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What staging held when the build began."""

    documents: int
    forms: int
    amounts: int
    rejections: int


@dataclass(frozen=True, slots=True)
class Node:
    """One model, seed or test as dbt ran it."""

    name: str
    resource_type: str
    status: str
    seconds: float
    message: str | None


@dataclass(frozen=True, slots=True)
class DbtRun:
    """What a run of dbt came to; ``errors`` are those that concern no single node."""

    exit_code: int
    nodes: tuple[Node, ...]
    errors: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """The tests that found something and let the build pass."""
        return tuple(f"{node.name}: {_first_line(node.message)}" for node in self.nodes if node.status == "warn")

    @property
    def failing(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.status in FAILURES)

    def problems(self) -> tuple[str, ...]:
        """One line for each thing that stopped the build."""
        found = [f"{node.resource_type} {node.name}: {_first_line(node.message) or node.status}" for node in self.failing]
        if not found:
            found = [_first_line(error) for error in self.errors]
        if not found and self.exit_code != 0:
            found = [f"dbt ended with exit status {self.exit_code}"]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """What ``build.json`` says of a build. It is written before publication: a build without it did not finish."""

    build_id: str
    status: str  # passed | failed
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    started_at: str
    seconds: float
    inputs: Inputs
    versions: Mapping[str, str]
    outcomes: Mapping[str, Mapping[str, int]]  # resource type -> status -> count
    row_counts: Mapping[str, int]
    node_seconds: Mapping[str, float]


class BuildFailed(Exception):
    """The build did not pass; the published warehouse is untouched."""

    def __init__(self, record: BuildRecord, folder: Path, published: str | None) -> None:
        self.record = record
        self.folder = folder
        self.published = published
        super().__init__("; ".join(record.problems))


def find_project() -> Path:
    """The folder of the dbt project: ``JUESUAN_PROJECT``, else the checkout that this package runs from."""
    named = os.environ.get(PROJECT_VARIABLE)
    project = Path(named) if named else Path(__file__).resolve().parent.parent
    if not (project / "dbt_project.yml").is_file():
        raise ProjectMissing(f"no dbt_project.yml in {project}; set {PROJECT_VARIABLE} to a checkout of juesuan")
    return project


def build(home: Home, project: Path, progress: Progress, *, keep: int = KEEP_BUILDS) -> BuildRecord:
    """Build, check and publish. Raises :class:`NothingToBuild` or :class:`BuildFailed`; then nothing is published."""
    inputs = read_inputs(home.staging)
    started = datetime.now(UTC)
    clock = time.monotonic()
    build_id = f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    folder = home.builds / build_id
    folder.mkdir(parents=True)

    run = run_dbt(project, folder, home.staging, progress)
    problems = run.problems()
    row_counts: dict[str, int] = {}
    if not problems:
        progress(len(run.nodes), len(run.nodes), "checking the build")
        row_counts, problems = inspect_warehouse(folder / WAREHOUSE_FILE, inputs)

    record = BuildRecord(
        build_id=build_id,
        status="failed" if problems else "passed",
        problems=problems,
        warnings=run.warnings,
        started_at=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 1),
        inputs=inputs,
        versions=installed_versions(VERSIONS_OF),
        outcomes=count_outcomes(run.nodes),
        row_counts=row_counts,
        node_seconds={node.name: node.seconds for node in run.nodes},
    )
    write_record(folder, record)
    if problems:
        prune(home, keep)
        raise BuildFailed(record, folder, home.published_build())
    publish(home, build_id)
    prune(home, keep)
    return record


def read_inputs(staging: Path) -> Inputs:
    """Count what there is to build from."""
    if not staging.is_file():
        raise NothingToBuild(f"there is no {staging}; read some disclosures first: juesuan ingest PATH…")
    try:
        with closing(connect_staging(staging)) as connection:
            tables = ("document", "form", "amount", "rejection")
            counts = [_count(connection, f"staging.staging.{table}") for table in tables]
    except duckdb.Error as error:
        raise NothingToBuild(f"{staging} cannot be read: {_first_line(str(error))}") from error
    inputs = Inputs(*counts)
    if inputs.documents == 0:
        tried = f" ({inputs.rejections} files were rejected: see juesuan status)" if inputs.rejections else ""
        raise NothingToBuild(f"{staging} holds no document{tried}; read some disclosures first: juesuan ingest PATH…")
    return inputs


def connect_staging(staging: Path) -> duckdb.DuckDBPyConnection:
    """Open staging read-only, as catalog ``staging`` whatever the name of its file."""
    connection = duckdb.connect()
    location = str(staging).replace("'", "''")
    connection.execute(f"attach '{location}' as staging (read_only)")
    return connection


def run_dbt(project: Path, folder: Path, staging: Path, progress: Progress) -> DbtRun:
    """Run ``dbt build`` on ``staging`` into ``folder``, keeping its log there."""
    target = folder / "target"
    command = [
        *(sys.executable, "-c", "from dbt.cli.main import cli; cli()"),
        *("build", "--project-dir", str(project.resolve()), "--profiles-dir", str(project.resolve())),
        *("--target-path", str(target.resolve()), "--log-path", str((folder / "logs").resolve())),
        *("--log-format", "json", "--log-format-file", "text", "--no-use-colors", "--no-version-check"),
    ]
    # What a caller has set for projects of his own (DBT_TARGET, DBT_WARN_ERROR, …) must not decide how this one is built.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
    environment = inherited | {
        "JUESUAN_STAGING": str(staging.resolve()),
        "JUESUAN_WAREHOUSE": str((folder / WAREHOUSE_FILE).resolve()),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONUTF8": "1",
    }
    progress(0, 0, "starting dbt")
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None  # it was asked for
        try:
            errors = follow_events(process.stdout, progress)
            exit_code = process.wait()
        except BaseException:
            # Left alone, it would hold staging open long after we are gone.
            process.terminate()
            raise
    return DbtRun(exit_code, read_nodes(target / "run_results.json"), errors)


def follow_events(lines: Iterable[str], progress: Progress) -> tuple[str, ...]:
    """Turn dbt's events into progress as they come; return the errors, and what is no event at all (a traceback)."""
    done, total = 0, 0
    errors: list[str] = []
    raw: list[str] = []
    for line in lines:
        try:
            event = json.loads(line)
            info, data = event["info"], event["data"]
        except (ValueError, KeyError, TypeError):
            raw.append(line.strip())
            continue
        name: str = info["name"]
        if name == "LogStartLine":
            total = int(data["total"])
            progress(done, total, str(data["description"]))
        elif name == "SkippingDetails" or (name.startswith("Log") and name.endswith("Result")):
            done += 1
            progress(done, total, "")
        elif name == "MainEncounteredError":
            errors.append(str(data["exc"]))
        elif name == "MainStackTrace":
            continue
        elif info["level"] == "error" and not name.startswith("RunResult"):
            errors.append(str(info["msg"]))
    return tuple(errors or [text for text in raw[-1:] if text])


def read_nodes(results: Path) -> tuple[Node, ...]:
    """What became of each node; nothing where dbt stopped before running any."""
    if not results.is_file():
        return ()
    entries = json.loads(results.read_text(encoding="utf-8"))["results"]
    return tuple(_read_node(entry) for entry in entries)


def _read_node(entry: Mapping[str, Any]) -> Node:
    # model.juesuan.dim_document; generic tests carry a hash after a further dot.
    resource_type, _, name = entry["unique_id"].split(".", 2)
    return Node(
        name=name,
        resource_type=resource_type.replace("_", " "),
        status=entry["status"],
        seconds=round(entry["execution_time"], 3),
        message=entry.get("message"),
    )


def inspect_warehouse(path: Path, inputs: Inputs) -> tuple[dict[str, int], tuple[str, ...]]:
    """Open a finished warehouse as a reader would; return the rows of each mart, and what keeps it from being published."""
    if not path.is_file():
        return {}, (f"dbt left no {path.name}",)
    if path.with_name(path.name + ".wal").exists():
        # Replayed into whatever file has this name next, it would mix two builds.
        return {}, (f"{path.name} was not closed: a write-ahead log stands beside it",)
    try:
        with closing(duckdb.connect(path, read_only=True)) as connection:
            tables = connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts' order by all"
            ).fetchall()
            views = connection.execute("select view_name from duckdb_views() where not internal order by all").fetchall()
            counts = {table: _count(connection, f'marts."{table}"') for (table,) in tables}
    except duckdb.Error as error:
        return {}, (f"{path.name} cannot be opened for reading: {_first_line(str(error))}",)
    return counts, (*_empty_marts(counts), *_lost_rows(counts, inputs), *(_view_problem(view) for (view,) in views))


def _empty_marts(counts: Mapping[str, int]) -> list[str]:
    missing = [f"there is no marts.{mart}" for mart in KEY_MARTS if mart not in counts]
    return missing + [f"marts.{mart} is empty" for mart in KEY_MARTS if counts.get(mart) == 0]


def _lost_rows(counts: Mapping[str, int], inputs: Inputs) -> list[str]:
    """Nothing that was read may be lost or doubled on the way from staging to the marts.

    A form that one document lists and another of its disclosure has is no form of the first: a data test of the project sees
    to fct_disclosed_form.
    """
    pairs = (("dim_document", inputs.documents), ("fct_reported_amount", inputs.amounts))
    return [
        f"marts.{mart} has {counts[mart]} rows, staging has {expected}"
        for mart, expected in pairs
        if counts.get(mart) and counts[mart] != expected
    ]


def _view_problem(view: str) -> str:
    return f"{view} is a view: it would look for staging after publication; materialize it as a table"


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    assert row is not None  # an aggregate has a row
    return int(row[0])


def count_outcomes(nodes: Iterable[Node]) -> dict[str, dict[str, int]]:
    """How many nodes of each type ended how."""
    counts = Counter((node.resource_type, node.status) for node in nodes)
    types = sorted({resource_type for resource_type, _ in counts})
    return {t: {status: n for (of, status), n in sorted(counts.items()) if of == t} for t in types}


def installed_versions(distributions: Iterable[str]) -> dict[str, str]:
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in distributions:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def write_record(folder: Path, record: BuildRecord) -> None:
    """Write ``build.json`` so that it is there whole or not at all."""
    temporary = folder / f".{RECORD_FILE}"
    temporary.write_text(json.dumps(asdict(record), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    temporary.replace(folder / RECORD_FILE)


class RecordUnreadable(Exception):
    """A ``build.json`` that this version did not write."""


def read_record(folder: Path) -> BuildRecord | None:
    """The record of a build, or ``None`` where the build was interrupted before it wrote one."""
    path = folder / RECORD_FILE
    if not path.is_file():
        return None
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        lists = {name: tuple(values[name]) for name in ("problems", "warnings")}
        return BuildRecord(**values | lists | {"inputs": Inputs(**values["inputs"])})
    except (ValueError, TypeError, KeyError) as error:
        raise RecordUnreadable(f"{path} was written by another version, or by hand") from error


def publish(home: Home, build_id: str) -> None:
    """Point ``current`` at a build. A reader that has the old one open keeps it until it closes."""
    if home.current.exists() and not home.current.is_symlink():
        raise FileExistsError(f"{home.current} is not a link; move it away and build again")
    temporary = home.path / f".current-{build_id}"
    # Relative, so that a home can be moved or mounted elsewhere.
    temporary.symlink_to(Path(home.builds.name) / build_id, target_is_directory=True)
    temporary.replace(home.current)


def list_builds(home: Home) -> list[Path]:
    """The folders of all builds, newest first."""
    return sorted((f for f in home.builds.glob("*") if f.is_dir()), reverse=True) if home.builds.is_dir() else []


def prune(home: Home, keep: int) -> None:
    """Remove all builds but the newest ``keep`` and the published one."""
    published = home.published_build()
    for folder in list_builds(home)[keep:]:
        if folder.name != published:
            shutil.rmtree(folder)


def _first_line(text: str | None) -> str:
    """The telling part of a message of dbt or DuckDB, which is in its first two lines, on one line."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return " ".join(lines[:2])
