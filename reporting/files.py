"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree


class FileThere(Exception):
    """There is a file already, and nobody said that it may go."""


@contextmanager
def written_aside(target: Path, *, force: bool) -> Iterator[Path]:
    """A path to write to; what is there when the block ends in peace becomes ``target``, at once.

    Raises :class:`FileThere` before anything is written.
    """
    refuse_existing([target], force=force)
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {target.parent} to write {target.name} in")
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:60]}.", suffix=".part", dir=target.parent)
    os.close(handle)
    aside = Path(name)
    try:
        yield aside
        aside.chmod(0o666 & ~_umask())  # mkstemp makes files for their owner alone
        aside.replace(target)
    finally:
        with suppress(FileNotFoundError):
            aside.unlink()


@contextmanager
def folder_written_aside(target: Path, *, force: bool) -> Iterator[Path]:
    """A folder to write files to, which then appear in ``target``: all at once if it is new, else file by file.

    Files of other names that ``target`` holds stay. Raises :class:`FileThere` where one of the same name would be replaced.
    """
    if target.exists() and not target.is_dir():
        raise FileThere(f"{target} is no folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name[:60]}.", suffix=".part", dir=target.parent))
    try:
        yield aside
        aside.chmod(0o777 & ~_umask())
        if not target.exists():
            aside.replace(target)
            return
        written = [path.relative_to(aside) for path in aside.rglob("*") if path.is_file()]
        written.sort(key=lambda path: (path.name == "datapackage.json", path))  # what describes the others comes last
        refuse_existing([target / path for path in written], force=force)
        for path in written:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (aside / path).replace(target / path)
    finally:
        rmtree(aside, ignore_errors=True)


def refuse_existing(paths: Sequence[Path], *, force: bool) -> None:
    there = [path for path in paths if path.exists()]
    if there and not force:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise FileThere(f"{there[0]}{more} is there already; --force replaces it")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
