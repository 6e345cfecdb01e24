"""What a night did, twice: ``logs/nightly.jsonl`` for programs, one object a line, and ``logs/nightly.log`` for people.

A log that cannot be written (a full disk, a folder that may not be written) must not be what stops a night.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ingest.home import Home

ROTATE_AT = 5_000_000  # bytes
KEEP_ROTATED = 5
INFO, WARNING, ERROR = "info", "warning", "error"


class NightLog:
    """Appends to both logs. ``now`` is the clock; ``night`` tells one run's lines from another's."""

    def __init__(self, home: Home, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.folder = home.path / "logs"
        self.night = secrets.token_hex(4)
        self._now = now

    def __call__(self, event: str, told: str, *, level: str = INFO, **details: object) -> None:
        """Note one event: its name, one line for people, and what programs want beside."""
        at = self._now().isoformat(timespec="milliseconds")
        line = {"at": at, "night": self.night, "level": level, "event": event, "message": told, **details}
        self._append("nightly.jsonl", json.dumps(line, ensure_ascii=False, default=str))
        self._append("nightly.log", f"{at[:19]}Z {self.night} {level.upper():7} {told}")

    def rotate(self) -> None:
        """Let only the holder of the lock do this: a second run may be writing its one line."""
        for path in (self.folder / "nightly.jsonl", self.folder / "nightly.log"):
            with suppress(OSError):
                if path.stat().st_size > ROTATE_AT:
                    rotate(path)

    def _append(self, name: str, line: str) -> None:
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / name).open("a", encoding="utf-8", errors="replace") as stream:
                stream.write(line.replace("\n", " ") + "\n")


def rotate(path: Path) -> None:
    """``log`` becomes ``log.1``, that ``log.2``, and so on; the oldest goes."""
    for number in range(KEEP_ROTATED - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    path.replace(path.with_name(f"{path.name}.1"))
