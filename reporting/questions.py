"""The questions of ``analyses/``: each a SQL file of the dbt project, compiled here without dbt, so that it can be asked at once.

Of dbt only what analyses use is understood: ``ref`` to a mart, ``var`` with a default, and the macros of
``macros/analysis.sql``. A test holds the answers against those of the SQL of ``dbt compile``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2

from ingest.publish.sql import literal

FOLDER = "analyses"
MACROS = Path("macros", "analysis.sql")
VARIABLE = re.compile(r"\bvar\(['\"](\w+)['\"]")


@dataclass(frozen=True)
class Question:
    """A file of ``analyses/``: its name, the question in its first line, what else its head says, the variables that it takes."""

    name: str
    question: str
    notes: str
    path: Path
    variables: tuple[str, ...]


def read_questions(project: Path) -> list[Question]:
    """All questions of the dbt project at ``project``, by name."""
    return [_read(path) for path in sorted((project / FOLDER).glob("*.sql"))]


def _read(path: Path) -> Question:
    head: list[str] = []
    text = path.read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        head.append(line.removeprefix("--").strip())
    variables = tuple(sorted(set(VARIABLE.findall(text))))
    return Question(path.stem, head[0] if head else path.stem, " ".join(head[1:]), path, variables)


class NotUnderstood(ValueError):
    """An analysis uses something of dbt that this module does not know. The message says what."""


def compiled(path: Path, variables: Mapping[str, object] | None = None) -> str:
    """The SQL of an analysis, with tables of schema ``marts``.

    ``variables`` take the place of the defaults of ``var``; their text cannot leave the quotes that it stands in.
    Raises NotUnderstood.
    """
    given = {name: _quotable(value) for name, value in (variables or {}).items()}
    macros = (path.parents[1] / MACROS).read_text(encoding="utf-8")
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    try:
        template = environment.from_string(macros + path.read_text(encoding="utf-8"))
        text = template.render(ref=lambda table: f"marts.{table}", var=given.get)
    except jinja2.TemplateError as error:
        raise NotUnderstood(f"{path.name}: {error}") from error
    return text.strip() + "\n"


def _quotable(value: object) -> object:
    return literal(value)[1:-1] if isinstance(value, str) else value
