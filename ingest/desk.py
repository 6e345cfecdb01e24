"""The folders of a worker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Desk:
    """``scratch`` is emptied after each task, what lies on the ``shelf`` stays for the next one; both go with the worker."""

    scratch: Path
    shelf: Path
