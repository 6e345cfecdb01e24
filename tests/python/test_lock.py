"""The lock files pin all that the project asks for, by hash and without naming any host."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ENTRY = re.compile(
    r"^(?P<requirement>[A-Za-z0-9][^\\\n]*?) *\\\n(?P<hashes>(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


# What each lock is resolved from beside the dependencies.
EXTRAS = {"requirements.lock": "dev", "requirements-spark.lock": "spark"}


@pytest.fixture(params=EXTRAS)
def lock_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def lock(root: Path, lock_name: str) -> str:
    return (root / lock_name).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, list[str]]:
    """The versions of each package: several where Python versions or systems need their own."""
    pinned: dict[str, list[str]] = {}
    for requirement, _ in ENTRY.findall(lock):
        entry = Requirement(requirement)
        pinned.setdefault(canonicalize_name(entry.name), []).append(str(entry.specifier).removeprefix("=="))
    return pinned


def test_every_entry_is_one_version_with_hashes(lock: str) -> None:
    entries = ENTRY.findall(lock)
    assert len(entries) == len(re.findall(r"^[A-Za-z0-9]", lock, re.MULTILINE))
    assert all(str(Requirement(requirement).specifier).startswith("==") for requirement, _ in entries)


def test_no_host_is_named(lock: str) -> None:
    assert re.findall(r"\w+://\S+|--(?:extra-)?index-url|--find-links", lock) == []


def test_the_lock_satisfies_what_the_project_asks_for(lock: str, lock_name: str, root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    extra = EXTRAS[lock_name]
    asked = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"][extra]]
    if extra == "dev":
        asked += project["build-system"]["requires"]
    pinned = pins(lock)
    for wanted in map(Requirement, asked):
        versions = pinned.get(canonicalize_name(wanted.name), [])
        assert versions, f"{wanted} is not in the lock: make lock"
        assert all(wanted.specifier.contains(v) for v in versions), f"the lock has {wanted.name} {versions}, asked is {wanted}"


def test_spark_runs_beside_the_same_versions(root: Path) -> None:
    ours, with_spark = (pins((root / name).read_text(encoding="utf-8")) for name in EXTRAS)
    assert {name: versions for name, versions in with_spark.items() if name in ours and ours[name] != versions} == {}
    assert {"pyspark", "dbt-spark"} <= with_spark.keys() - ours.keys()
