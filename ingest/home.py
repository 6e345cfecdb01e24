"""Where a warehouse lives: staging, builds and the link to the published one.

::

    home/
      staging.duckdb             one writer at a time
      builds/<id>/               one build: warehouse.duckdb, build.json, logs/, target/
      current -> builds/<id>     what readers open; swapped, never rewritten
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "JUESUAN_HOME"
DEFAULT_HOME = Path("warehouse")
# DuckDB names the catalog after the file; the stem never changes, so that qualified names stay valid once published.
WAREHOUSE_FILE = "warehouse.duckdb"
SITE_FOLDER = "site"  # the report site of a build


class HomeBusy(Exception):
    """Another run is writing to this home."""


class NoHome(Exception):
    """There is no such folder."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds one warehouse."""

    path: Path

    @property
    def staging(self) -> Path:
        return self.path / "staging.duckdb"

    @property
    def builds(self) -> Path:
        return self.path / "builds"

    @property
    def current(self) -> Path:
        return self.path / "current"

    @property
    def warehouse(self) -> Path:
        """The published warehouse, by the path that readers should use."""
        return self.current / WAREHOUSE_FILE

    def published_build(self) -> str | None:
        """The id of the published build, or ``None`` before the first one."""
        return self.current.readlink().name if self.current.is_symlink() else None

    @contextmanager
    def exclusive(self, doing: str, *, create: bool) -> Iterator[None]:
        """Keep other runs out of this home while ``doing`` lasts. A build does not ``create`` a home: its name was mistyped.

        The system drops the lock with the process, so that a killed run never blocks the next night.
        """
        import fcntl  # only POSIX systems have it; all else here works without

        if not self.path.is_dir():
            if not create:
                raise NoHome(f"there is no folder {self.path}; read some disclosures first: juesuan ingest PATH…")
            self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("a+", encoding="utf-8") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                stream.seek(0)
                holder = stream.read().strip() or "another juesuan"
                raise HomeBusy(f"{self.path} is in use by {holder}; try again when that is done") from None
            stream.truncate(0)
            stream.write(f"juesuan {doing} (process {os.getpid()})")
            stream.flush()
            try:
                yield
            finally:
                stream.truncate(0)


def resolve_home(option: Path | None) -> Home:
    """The home that a command works on: its option, else the environment, else the default."""
    return Home(option or Path(os.environ.get(HOME_VARIABLE) or DEFAULT_HOME))
