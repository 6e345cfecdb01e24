"""Which parser read a document: the package version and a digest of all that decides what is read.

A document in staging is read again when this string changes, so it must change with every source or data file that can
change a figure, and with the libraries that read the formats; it must not change with the command line or the build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ingest import recognition

PACKAGE = Path(__file__).parent

# Modules that only carry documents around. All others count, so that a new module is never forgotten.
CARRIERS = frozenset(
    {
        "__main__.py",
        "build.py",
        "cli.py",
        "departments.py",
        "desk.py",
        "explain.py",
        "files.py",
        "findings.py",
        "home.py",
        "keeper.py",
        "limits.py",
        "nightly.py",
        "pool.py",
        "progress.py",
        "run.py",
        "seen.py",
        "starter.py",
        "status.py",
        "terminal.py",
        "version.py",
        "worker.py",
    }
)
# So does all in these folders.
CARRIER_FOLDERS = frozenset({"publish"})
LIBRARIES = ("pdfplumber", "pdfminer.six", "pypdfium2", "lxml", "openpyxl", "xlrd")


def deciding_files(package: Path) -> list[Path]:
    """The files under ``package`` that decide what is read from a document and what may be loaded of it."""
    return sorted(
        path
        for path in package.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and not path.name.startswith(".")
        and not (path.parent == package and path.name in CARRIERS)
        and path.relative_to(package).parts[0] not in CARRIER_FOLDERS
    )


def hash_files(base: Path, files: Iterable[Path]) -> hashlib._Hash:
    """A hash over the contents of files and their names below ``base``, in the order given."""
    hasher = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        # Lengths keep the boundaries: text moved from one file to the next must change the digest.
        hasher.update(f"{path.relative_to(base).as_posix()}\0{len(content)}\0".encode())
        hasher.update(content)
    return hasher


def digest(package: Path, libraries: Iterable[str]) -> str:
    """A short digest over names and contents of the deciding files, and over ``libraries`` (``name==version``)."""
    hasher = hash_files(package, deciding_files(package))
    for library in libraries:
        hasher.update(f"\0{library}".encode())
    return hasher.hexdigest()[:12]


def _installed(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "0"


@cache
def parser_version() -> str:
    """For example ``0.1.0+3f2a9c51d0e4``; computed once a process."""
    # What recognises pictures counts as well: where it appears, rejected scans are read again.
    libraries = [*(f"{name}=={_installed(name)}" for name in LIBRARIES), *recognition.installed()]
    return f"{_installed('juesuan')}+{digest(PACKAGE, libraries)}"
