"""The analyses compiled for a warehouse, as dbt does it: tables by name, variables with their defaults."""

from __future__ import annotations

from pathlib import Path

import jinja2

from tests.python.conftest import ROOT

FOLDER = ROOT / "analyses"


def compiled(analysis: Path | str, **variables: object) -> str:
    """The SQL of an analysis, by its path or its name."""
    path = analysis if isinstance(analysis, Path) else FOLDER / f"{analysis}.sql"
    template = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False).from_string(path.read_text("utf8"))
    return template.render(ref=lambda table: f"marts.{table}", var=variables.get)
