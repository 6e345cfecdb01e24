"""What a build is made from: the documents in staging, the dbt project, the packages; and one digest over all of it.

Two builds with the same fingerprint can differ in nothing but times, so a night that would make the published one again
need not make it.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path
from typing import Any

import duckdb

from ingest.publish.sql import attached, count, first_line
from ingest.version import hash_files, parser_version

PROJECT_VARIABLE = "JUESUAN_PROJECT"
VERSIONS_OF = ("juesuan", "dbt-core", "dbt-duckdb", "duckdb", "pandas", "pdfplumber", "great-expectations")
# Those of which another version may build something else from the same staging.
DECIDING = ("dbt-core", "dbt-duckdb", "duckdb")
# What the folder of a build holds, and how it is written: raised when that changes, so that it is built anew.
LAYOUT = "1"
PROJECT_FOLDERS = ("models", "seeds", "macros", "tests", "snapshots")
PROJECT_FILES = ("dbt_project.yml", "profiles.yml")
PROJECT_SUFFIXES = frozenset({".sql", ".yml", ".yaml", ".csv"})
CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"


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
class InputDocument:
    document_id: str  # SHA-256 of its bytes
    file_path: str
    byte_size: int
    parser_version: str


@dataclass(frozen=True, slots=True)
class InputRejection:
    file_path: str
    document_id: str | None
    code: str


@dataclass(frozen=True, slots=True)
class Staged:
    """Staging as a build sees it."""

    inputs: Inputs
    documents: tuple[InputDocument, ...]
    rejections: tuple[InputRejection, ...]
    beside: tuple[tuple[Any, ...], ...]  # what is known beside the documents: paths, what stood before


def find_project() -> Path:
    """The folder of the dbt project: ``JUESUAN_PROJECT``, else the checkout that this package runs from."""
    named = os.environ.get(PROJECT_VARIABLE)
    project = Path(named) if named else Path(__file__).resolve().parents[2]
    if not (project / "dbt_project.yml").is_file():
        raise ProjectMissing(f"no dbt_project.yml in {project}; set {PROJECT_VARIABLE} to a checkout of juesuan")
    return project


def read_staged(staging: Path) -> Staged:
    """What there is to build from. Raises :class:`NothingToBuild`."""
    if not staging.is_file():
        raise NothingToBuild(f"there is no {staging}; read some disclosures first: juesuan ingest PATH…")
    try:
        with attached(staging=staging) as connection:
            tables = ("document", "form", "amount", "rejection")
            inputs = Inputs(*(count(connection, f"staging.staging.{table}") for table in tables))
            documents = connection.execute(
                "select document_id, file_path, byte_size, parser_version from staging.staging.document order by document_id"
            ).fetchall()
            rejections = connection.execute(
                "select file_path, document_id, code from staging.staging.rejection order by file_path"
            ).fetchall()
            beside = tuple(row for query in _beside(connection) for row in connection.execute(query).fetchall())
    except duckdb.Error as error:
        raise NothingToBuild(f"{staging} cannot be read: {first_line(str(error))}") from error
    if inputs.documents == 0:
        tried = f" ({inputs.rejections} files were rejected: see juesuan status)" if inputs.rejections else ""
        raise NothingToBuild(f"{staging} holds no document{tried}; read some disclosures first: juesuan ingest PATH…")
    return Staged(
        inputs,
        tuple(InputDocument(*row) for row in documents),
        tuple(InputRejection(*row) for row in rejections),
        beside,
    )


def _beside(connection: duckdb.DuckDBPyConnection) -> Iterable[str]:
    """Further tables that the marts show, without the times of our own runs; a staging of before may not have them."""
    there = {
        table
        for (table,) in connection.execute("select table_name from duckdb_tables() where database_name = 'staging'").fetchall()
    }
    if "document_path" in there:
        yield (
            "select 'path', document_id, file_path, gone_at is null from staging.staging.document_path"
            " where document_id in (select document_id from staging.staging.document) order by all"
        )
    if "superseded_document" in there:
        yield "select 'superseded', document_id, file_path, superseded_by from staging.staging.superseded_document order by all"


def fingerprint(staged: Staged, project: Path, reports: str | None = None) -> str:
    """A digest over all that decides what is built; ``reports`` is the digest of what makes them, where the build is to have any.

    What is rejected is in no mart: a further rejection is no reason to build.
    """
    told = {
        "layout": LAYOUT,
        "documents": [(d.document_id, d.file_path, d.parser_version) for d in staged.documents],
        "beside": staged.beside,
        "project": project_digest(project),
        "versions": installed_versions(DECIDING),
        "reports": reports,
    }
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def project_digest(project: Path) -> str:
    """A short digest over the sources of the dbt project."""
    files = [project / name for name in PROJECT_FILES if (project / name).is_file()]
    for folder in PROJECT_FOLDERS:
        files += (path for path in (project / folder).rglob("*") if path.suffix in PROJECT_SUFFIXES and path.is_file())
    return _digest(project, files)


def catalogue_digest() -> str:
    """A short digest over the layouts that the parser knows."""
    return _digest(CATALOGUE, [path for path in CATALOGUE.rglob("*.yaml") if path.is_file()])


def _digest(base: Path, files: Iterable[Path]) -> str:
    return hash_files(base, sorted(files)).hexdigest()[:12]


def code_versions(project: Path) -> dict[str, str | None]:
    """Which code builds: that of the parser, the catalogue and the dbt project, and the commit where there is one."""
    return {
        "juesuan": _version("juesuan"),
        "parser": parser_version(),
        "catalogue": catalogue_digest(),
        "project": project_digest(project),
        "commit": _commit(project),
    }


def _commit(project: Path) -> str | None:
    try:
        told = subprocess.run(
            ["git", "-C", str(project), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):  # no git, or no checkout
        return None
    return told.stdout.strip() or None


def installed_versions(names: Iterable[str]) -> dict[str, str]:
    """The versions of Python and of some packages."""
    return {"python": ".".join(map(str, sys.version_info[:3])), **{name: _version(name) for name in names}}


@cache
def installed_packages() -> Mapping[str, str]:
    """Every package that is installed beside us, by name."""
    found = {d.metadata["Name"]: d.version for d in distributions() if d.metadata["Name"]}
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
