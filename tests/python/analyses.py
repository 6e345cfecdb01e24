"""The analyses compiled for a warehouse: tables by name, variables with their defaults."""

from __future__ import annotations

from pathlib import Path

from reporting import questions
from tests.python.conftest import ROOT

FOLDER = ROOT / "analyses"


def compiled(analysis: Path | str, **variables: object) -> str:
    """The SQL of an analysis, by its path or its name."""
    return questions.compiled(analysis if isinstance(analysis, Path) else FOLDER / f"{analysis}.sql", variables)
