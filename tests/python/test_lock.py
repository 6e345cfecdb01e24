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
EXTRAS = {"requirements.lock": "dev", "requirements-spark.lock": "spark", "requirements-ocr.lock": "ocr"}


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


@pytest.mark.parametrize(
    ("name", "adds"),
    [("requirements-spark.lock", {"pyspark", "dbt-spark"}), ("requirements-ocr.lock", {"rapidocr", "onnxruntime"})],
)
def test_an_extra_runs_beside_the_same_versions(name: str, adds: set[str], root: Path) -> None:
    ours, extra = (pins((root / lock).read_text(encoding="utf-8")) for lock in ("requirements.lock", name))
    assert {package: versions for package, versions in extra.items() if package in ours and ours[package] != versions} == {}
    assert adds <= extra.keys() - ours.keys()


def test_one_build_of_opencv_is_pinned(root: Path) -> None:
    """Two builds overwrite each other's files; the one with windows needs libraries that a server lacks."""
    assert [name for name in pins((root / "requirements-ocr.lock").read_text(encoding="utf-8")) if "opencv" in name] == [
        "opencv-python-headless"
    ]
