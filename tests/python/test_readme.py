"""The README says what is so: its queries give the output that stands under them, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from ingest.cli import main
from ingest.home import Home
from tests.python.analyses import compiled

ROOT = Path(__file__).resolve().parents[2]
READMES = ["README.md", "README.zh.md"]
SQL_AND_TABLE = re.compile(r"```sql\n(?P<sql>[^`]*)```\n\n(?P<table>(?:\|.*\n)+)")
ANALYSIS_AND_TABLE = re.compile(r"\(analyses/(?P<name>\w+)\.sql\)[^`|]*?\n\n(?P<table>(?:\|.*\n)+)")
EXPLAIN_SHOWN = re.compile(r"\$ \.venv/bin/juesuan (?P<command>explain .*)\n(?P<output>[^`]*)```")
FINDINGS_SHOWN = re.compile(r"\$ \.venv/bin/juesuan (?P<command>findings .*)\n(?P<output>[^`]*)```")
QUOTED_REASON = re.compile(r"> (?P<file>\S+?\.pdf)[,，] ?(?:page|第) (?P<page>\d+)(?: 页)?[:：] ?(?P<reason>.*?)\n\n", re.DOTALL)


def cells(table: str) -> list[list[str]]:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.strip().splitlines()]
    return [rows[0], *rows[2:]]


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> list[list[str]]:
    result = connection.execute(sql)
    names = [d[0] for d in result.description]
    return [names, *([_text(v) for v in row] for row in result.fetchall())]


def _text(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("name", READMES)
def test_each_query_gives_the_table_under_it(sample_warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
    found = list(SQL_AND_TABLE.finditer((ROOT / name).read_text("utf8")))
    assert len(found) == 2
    for block in found:
        assert answer(sample_warehouse, block["sql"]) == cells(block["table"])


@pytest.mark.parametrize("name", READMES)
def test_each_analysis_begins_with_the_rows_that_are_shown(sample_warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
    found = list(ANALYSIS_AND_TABLE.finditer((ROOT / name).read_text("utf8")))
    assert len(found) == 3
    for block in found:
        rows = answer(sample_warehouse, compiled(block["name"]))
        shown = cells(block["table"])
        assert rows[: len(shown)] == shown


@pytest.mark.parametrize("name", READMES)
def test_the_quoted_finding_is_one_of_the_findings(sample_warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
    quoted = QUOTED_REASON.search((ROOT / name).read_text("utf8"))
    assert quoted is not None
    reasons = sample_warehouse.execute(
        """
        select reason from marts.rpt_finding
        where file_name = ? and source_page = ?
        """,
        [quoted["file"], int(quoted["page"])],
    ).fetchall()
    assert quoted["reason"].replace("\n> ", " ") in {reason for (reason,) in reasons}


@pytest.mark.parametrize("name", READMES)
def test_the_shown_command_prints_what_stands_under_it(sample_home: Home, capsys: pytest.CaptureFixture[str], name: str) -> None:
    block = FINDINGS_SHOWN.search((ROOT / name).read_text("utf8"))
    assert block is not None
    capsys.readouterr()
    assert main(["--home", str(sample_home.path), *block["command"].split()]) == 0
    assert capsys.readouterr().out.startswith(block["output"])


@pytest.mark.parametrize("name", READMES)
def test_the_explained_figure_is_explained_so(sample_home: Home, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """All but the path, which is that of the checkout up to the name of the file."""
    block = EXPLAIN_SHOWN.search((ROOT / name).read_text("utf8"))
    assert block is not None
    capsys.readouterr()
    assert main(["--home", str(sample_home.path), *block["command"].split()]) == 0
    shown, printed = block["output"].splitlines(), capsys.readouterr().out.splitlines()
    assert [line for line in printed if not line.startswith("file ")] == [line for line in shown if not line.startswith("file ")]
    (path,) = (line for line in shown if line.startswith("file "))
    (printed_path,) = (line for line in printed if line.startswith("file "))
    assert printed_path.endswith(path.split("…")[1])


@pytest.mark.parametrize("name", READMES)
def test_links_lead_to_files(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / name).read_text("utf8"))
    assert [t for t in targets if not (ROOT / t).exists()] == []


def test_operating_expenses_are_those_that_the_form_prints(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    """晋城 2022 prints all expenditure with 其中：基本支出 beside it; only that column is basic expenditure."""
    rows = sample_warehouse.execute(compiled("share_of_personnel_expenses")).fetchall()
    printed = {str(row[0]): (str(row[2]), str(row[3])) for row in rows}
    assert printed["晋城市行政审批服务管理局"] == ("14766571.72", "1979532.26")
