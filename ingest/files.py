"""From the paths on the command line to the files to read: walked, sorted, identified by their bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Lock files of office programs and what file managers leave behind are nobody's disclosure.
LOCK_PREFIX = "~$"
LITTER = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


class NoSuchPath(Exception):
    """A path that was asked for does not exist: a misuse, not a rejection."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file on disk. ``path`` is absolute, so that it means the same from whatever folder a command is given."""

    path: Path
    document_id: str  # SHA-256 of its bytes, hex
    byte_size: int


def absolute(path: Path) -> Path:
    """The path from the root, as it was named: ``resolve()`` would follow links and hide that name."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files that ``paths`` name or contain: absolute, without duplicates, sorted.

    Hidden files and lock files inside folders are passed over; a file named itself is always taken. Folders that links
    make reachable twice are walked once.
    """
    found: set[Path] = set()
    for path in paths:
        named = absolute(path)
        if named.is_dir():
            found.update(_walk(named))
        elif named.exists() or named.is_symlink():
            found.add(named)
        else:
            raise NoSuchPath(f"{path}: no such file or folder")
    return sorted(found)


def _walk(folder: Path) -> Iterator[Path]:
    seen: set[tuple[int, int]] = set()
    for name, folders, files in os.walk(folder, followlinks=True):
        status = Path(name).stat()
        identity = (status.st_dev, status.st_ino)
        if identity in seen:
            folders.clear()
            continue
        seen.add(identity)
        folders[:] = sorted(f for f in folders if not _is_passed_over(f))
        yield from (Path(name) / file for file in files if not _is_passed_over(file))


def _is_passed_over(name: str) -> bool:
    return name.startswith((".", LOCK_PREFIX)) or name.lower() in LITTER


def identify(path: Path) -> SourceFile:
    """Hash a file. Raises :class:`OSError` where it cannot be read."""
    if not path.is_file():
        # A pipe or a device would block for ever.
        raise OSError("broken link" if path.is_symlink() and not path.exists() else "not a regular file")
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return SourceFile(path, digest, os.fstat(stream.fileno()).st_size)
