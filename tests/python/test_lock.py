"""The lock file pins all that the project asks for, by hash and without naming any host."""

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


@pytest.fixture
def lock(root: Path) -> str:
    return (root / "requirements.lock").read_text(encoding="utf-8")


def test_every_entry_is_one_version_with_hashes(lock: str) -> None:
    entries = ENTRY.findall(lock)
    assert len(entries) == len(re.findall(r"^[A-Za-z0-9]", lock, re.MULTILINE))
    assert all(str(Requirement(requirement).specifier).startswith("==") for requirement, _ in entries)


def test_no_host_is_named(lock: str) -> None:
    assert re.findall(r"\w+://\S+|--(?:extra-)?index-url|--find-links", lock) == []


def test_the_lock_satisfies_what_the_project_asks_for(lock: str, root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["dev"],
    ]
    pinned: dict[str, list[str]] = {}
    for requirement, _ in ENTRY.findall(lock):
        entry = Requirement(requirement)
        pinned.setdefault(canonicalize_name(entry.name), []).append(str(entry.specifier).removeprefix("=="))
    for wanted in map(Requirement, asked):
        versions = pinned.get(canonicalize_name(wanted.name), [])
        assert versions, f"{wanted} is not in the lock: make lock"
        assert all(wanted.specifier.contains(v) for v in versions), f"the lock has {wanted.name} {versions}, asked is {wanted}"
