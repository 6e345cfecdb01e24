"""From the paths on the command line to the files to read: walked, sorted, identified by their bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.parsed import Rejected

# Lock files of office programs and what file managers leave behind are nobody's disclosure.
LOCK_PREFIX = "~$"
LITTER = frozenset({"thumbs.db", "desktop.ini", "__macosx"})

# Between an archive and a path inside it: 外层.zip!/内层.zip!/表.pdf
INSIDE = "!/"


class NoSuchPath(Exception):
    """A path that was asked for does not exist: a misuse, not a rejection."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file, on disk or inside an archive.

    ``path`` is the name that it is known by: absolute, so that it means the same from whatever folder a command is given, and
    text, whatever bytes the system calls it by. ``entries`` leads from the file on disk to the one inside it: the number of
    the entry in each archive, from the outermost inwards.
    """

    path: Path
    document_id: str  # SHA-256 of its bytes, hex
    byte_size: int
    on_disk: Path | None = None  # the file or its outermost archive, as the system calls it, where that differs
    entries: tuple[int, ...] = ()

    @property
    def location(self) -> Path:
        """The file on disk that holds its bytes."""
        return self.on_disk or self.path


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
        folders[:] = sorted(f for f in folders if not is_passed_over(f))
        yield from (Path(name) / file for file in files if not is_passed_over(file))


def is_passed_over(name: str) -> bool:
    """Whether a file or folder of this name is none that somebody published."""
    return name.startswith((".", LOCK_PREFIX)) or name.lower() in LITTER


def identify(path: Path) -> SourceFile:
    """Hash a file. Raises :class:`OSError` where it cannot be read."""
    if not path.is_file():
        # A pipe or a device would block for ever.
        raise OSError("broken link" if path.is_symlink() and not path.exists() else "not a regular file")
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return SourceFile(known_as(path), digest, os.fstat(stream.fileno()).st_size, path)


def known_as(path: Path) -> Path:
    """A path as text: a name in other bytes than UTF-8, as old archives leave behind, is read as GB18030, else with marks."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        name = os.fsencode(path)
        try:
            return Path(name.decode("gb18030"))
        except UnicodeDecodeError:
            return Path(name.decode("utf-8", "replace"))
    return path


def changed_while_reading() -> Rejected:
    return Rejected("changed_while_reading", "it changed while it was read", "ingest it again")
