"""Write docs/questions.md: each question of ``analyses/`` with its answer from the samples.

Run ``python docs/questions.py WAREHOUSE`` with the published warehouse of the samples. A test holds the page against them.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import duckdb

from reporting.questions import Question, compiled, read_questions

HERE = Path(__file__).resolve().parent
PAGE = HERE / "questions.md"
SHOWN_ROWS = 8

HEAD = """# Questions

Written by `python docs/questions.py warehouse/current/warehouse.duckdb`; the questions are the files of `analyses/`, the answers
those of the samples, to the first rows.

- Ask one as it stands: `juesuan sql --analysis NAME`, of another department: `--var department=…`; `--format csv` writes it all.
- In another tool: `.venv/bin/dbt compile --select path:analyses` writes the SQL to `target/compiled/juesuan/analyses/`, and
  [connecting.md](connecting.md) says how to connect.
- Amounts are nominal, in 元 of their year. Which price index makes them real is the user's choice: join one by `fiscal_year`.
- Your own questions can begin with the macros of `macros/analysis.sql`: `leaf_rows` (rows that may be added up),
  `latest_disclosure`, `budget_beside_outcome`.
"""


def render(connection: duckdb.DuckDBPyConnection, project: Path) -> str:
    """The page, from the marts that ``connection`` reads."""
    return HEAD + "".join(section(connection, question) for question in read_questions(project))


def section(connection: duckdb.DuckDBPyConnection, question: Question) -> str:
    result = connection.execute(compiled(question.path))
    names = [column[0] for column in result.description]
    rows = result.fetchall()
    lines = [
        f"\n## {question.question}",
        "",
        f"[{question.name}](../analyses/{question.path.name}). {question.notes}".rstrip(),
        "",
    ]
    lines += [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows[:SHOWN_ROWS]]
    if len(rows) > SHOWN_ROWS:
        lines += ["", f"… {len(rows)} rows in all."]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("questions: name the published warehouse of the samples: warehouse/current/warehouse.duckdb", file=sys.stderr)
        return 2
    with closing(duckdb.connect(arguments[0], read_only=True)) as connection:
        PAGE.write_text(render(connection, HERE.parent), encoding="utf-8")
    print(f"written: {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
