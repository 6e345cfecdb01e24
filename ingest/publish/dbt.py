"""dbt in a process of its own: in ours it would keep the database open for writing.

What it says while it runs becomes progress and errors; what became of each node is read from its results.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.home import WAREHOUSE_FILE
from ingest.progress import Progress
from ingest.publish.sql import first_line

# What dbt calls the outcome of a node that stops the build. `skipped` follows from one of these.
FAILURES = frozenset({"error", "fail", "runtime error"})
TESTS = frozenset({"test", "unit test"})
PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])
# Files of dbt that nobody needs once the build is done; they are larger than the warehouse of a small home.
WORKING_FILES = ("run", "partial_parse.msgpack", "graph.gpickle", "graph_summary.json", "semantic_manifest.json")


@dataclass(frozen=True, slots=True)
class Node:
    """One model, seed or test as dbt ran it."""

    name: str
    resource_type: str
    status: str
    seconds: float
    message: str | None
    failures: int | None = None


@dataclass(frozen=True, slots=True)
class DbtRun:
    """What a run of dbt came to; ``errors`` are those that concern no single node."""

    exit_code: int
    nodes: tuple[Node, ...]
    errors: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """The tests that found something and let the build pass."""
        return tuple(f"{node.name}: {first_line(node.message)}" for node in self.nodes if node.status == "warn")

    @property
    def failing(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.status in FAILURES)

    def problems(self) -> tuple[str, ...]:
        """One line for each thing that stopped the build."""
        found = [f"{node.resource_type} {node.name}: {first_line(node.message) or node.status}" for node in self.failing]
        if not found:
            found = [first_line(error) for error in self.errors]
        if not found and self.exit_code != 0:
            found = [f"dbt ended with exit status {self.exit_code}"]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test of the data as a build ran it."""

    name: str
    status: str
    failures: int | None
    message: str | None


def run_dbt(project: Path, folder: Path, staging: Path, progress: Progress, *, tests: bool = True) -> DbtRun:
    """Run ``dbt build`` on ``staging`` into ``folder``, keeping its log there; ``tests`` of the data are run or left out."""
    target = folder / "target"
    progress(0, 0, "starting dbt")
    left_out = () if tests else ("--exclude-resource-type", "test", "unit_test")
    exit_code, errors = _dbt(("build", *left_out), _Places(project, folder, staging, target), progress)
    return DbtRun(exit_code, read_nodes(target / "run_results.json"), errors)


def generate_docs(project: Path, folder: Path, staging: Path, page: Path) -> tuple[str, ...]:
    """Write dbt's documentation of the build in ``folder`` as one page that needs no server. Returns what went wrong.

    It has a target folder of its own, for dbt would write its results over those of the build.
    """
    target = folder / "docs-target"
    target.mkdir()
    # With the manifest of the build it need not compile everything once more.
    for name in ("manifest.json", "partial_parse.msgpack"):
        shutil.copyfile(folder / "target" / name, target / name)
    arguments = ("docs", "generate", "--static", "--no-compile")
    exit_code, errors = _dbt(arguments, _Places(project, folder, staging, target), lambda *_: None)
    if exit_code == 0:
        page.parent.mkdir(parents=True, exist_ok=True)
        # Where the project lies on this machine is nobody's business.
        told = (target / "static_index.html").read_text(encoding="utf-8")
        page.write_text(told.replace(json.dumps(str(project.resolve())), '"."'), encoding="utf-8")
    shutil.rmtree(target)
    return () if exit_code == 0 else errors or (f"exit status {exit_code}",)


@dataclass(frozen=True, slots=True)
class _Places:
    project: Path
    folder: Path
    staging: Path
    target: Path


def _dbt(arguments: Iterable[str], places: _Places, progress: Progress) -> tuple[int, tuple[str, ...]]:
    """Exit status and errors of dbt in a process that ends with us."""
    project = str(places.project.resolve())
    command = [
        *(sys.executable, "-m", "ingest.publish.run_dbt", *arguments),
        *("--project-dir", project, "--profiles-dir", project),
        *("--target-path", str(places.target.resolve()), "--log-path", str((places.folder / "logs").resolve())),
        *("--log-format", "json", "--log-format-file", "text", "--no-use-colors", "--no-version-check"),
    ]
    # What a caller has set for projects of his own (DBT_TARGET, DBT_WARN_ERROR, …) must not decide how this one is built.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
    environment = inherited | {
        "JUESUAN_STAGING": str(places.staging.resolve()),
        "JUESUAN_WAREHOUSE": str((places.folder / WAREHOUSE_FILE).resolve()),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONUTF8": "1",
        "PYTHONPATH": os.pathsep.join([PACKAGE_ROOT, *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,  # it ends when we do, however that comes: see run_dbt.py
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None  # it was asked for
        try:
            errors = follow_events(process.stdout, progress)
            return process.wait(), errors
        except BaseException:
            # Left alone, it would hold staging open long after we are gone.
            process.terminate()
            raise


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
        failures=entry.get("failures"),
    )


def count_outcomes(nodes: Iterable[Node]) -> dict[str, dict[str, int]]:
    """How many nodes of each type ended how."""
    counts = Counter((node.resource_type, node.status) for node in nodes)
    types = sorted({resource_type for resource_type, _ in counts})
    return {t: {status: n for (of, status), n in sorted(counts.items()) if of == t} for t in types}


def test_results(nodes: Iterable[Node]) -> tuple[TestResult, ...]:
    """What the tests of the data said, by name."""
    tests = [n for n in nodes if n.resource_type in TESTS]
    return tuple(TestResult(n.name, n.status, n.failures, n.message) for n in sorted(tests, key=lambda n: n.name))


def tidy(folder: Path) -> None:
    """Remove what dbt only works with; its log, manifest and results stay, and the SQL as it was run."""
    for name in WORKING_FILES:
        path = folder / "target" / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
