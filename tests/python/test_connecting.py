"""docs/connecting.md and docs/exports.md say what is so: their snippets run, and give the output that stands under them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from ingest.cli import main
from ingest.home import Home

ROOT = Path(__file__).resolve().parents[2]
CONNECTING = (ROOT / "docs" / "connecting.md").read_text(encoding="utf-8")
EXPORTS = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", CONNECTING, re.DOTALL)
SHOWN = re.compile(r'\$ \.venv/bin/juesuan sql "(?P<sql>[^"]*)"\n(?P<output>[^`]*)```')
SQL_AND_TABLE = re.compile(r"```sql\n(?P<sql>[^`]*)```\n\n(?P<table>(?:\|.*\n)+)")
SHELL = re.compile(r'^\.venv/bin/duckdb (?P<options>\S+) warehouse/current/warehouse\.duckdb "(?P<sql>[^"]*)"', re.MULTILINE)


@pytest.mark.parametrize("snippet", PYTHON, ids=["pandas", "polars"])
def test_a_snippet_of_python_runs(sample_home: Home, snippet: str) -> None:
    if "polars" in snippet and find_spec("polars") is None:
        pytest.skip("polars is not installed; its snippet was tried by hand")
    # The home of the samples is called warehouse: the snippet runs beside it, as in a checkout.
    subprocess.run([sys.executable, "-W", "error", "-c", snippet], cwd=sample_home.path.parent, check=True)


def test_the_shown_question_has_the_shown_answer(sample_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    found = SHOWN.search(CONNECTING)
    assert found is not None
    capsys.readouterr()
    assert main(["--home", str(sample_home.path), "sql", found["sql"]]) == 0
    assert capsys.readouterr().out == found["output"]


def test_the_shell_of_duckdb_opens_it_for_reading(sample_home: Home) -> None:
    found = SHELL.search(CONNECTING)
    assert found is not None
    shell = shutil.which("duckdb", path=str(Path(sys.executable).parent))
    assert shell is not None
    asked = [shell, found["options"], str(sample_home.warehouse), found["sql"]]
    assert "云岭省澜溪市" in subprocess.run(asked, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    asked[-1] = "create table t as select 1"
    assert "read-only" in subprocess.run(asked, capture_output=True, text=True, check=False, encoding="utf-8").stderr


def test_an_open_connection_stays_on_its_build(tmp_path: Path) -> None:
    home = tmp_path / "warehouse"
    for build in ("old", "new"):
        (home / "builds" / build).mkdir(parents=True)
        with duckdb.connect(home / "builds" / build / "warehouse.duckdb") as connection:
            connection.execute(f"create table t as select '{build}' as build")
    (home / "current").symlink_to("builds/old")
    with duckdb.connect(home / "current" / "warehouse.duckdb", read_only=True) as connection:
        (home / "next").symlink_to("builds/new")
        (home / "next").replace(home / "current")
        shutil.rmtree(home / "builds" / "old")
        assert connection.execute("from t").fetchall() == [("old",)]
    with duckdb.connect(home / "current" / "warehouse.duckdb", read_only=True) as connection:
        assert connection.execute("from t").fetchall() == [("new",)]
        path = connection.execute("select path from duckdb_databases() where database_name = 'warehouse'").fetchone()
        assert path is not None and "builds/new" in path[0]


def test_the_table_of_divisions_is_that_of_its_query(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    found = SQL_AND_TABLE.search(EXPORTS)
    assert found is not None
    result = sample_warehouse.execute(found["sql"])
    header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in found["table"].strip().splitlines()]
    assert header == [name for name, *_ in result.description]
    assert rows == [[str(value).lower() if isinstance(value, bool) else str(value) for value in row] for row in result.fetchall()]


def test_as_many_classes_are_approximate_as_is_said(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    counted = sample_warehouse.execute(
        "select count(*) filter (where is_approximate), count(cofog_code) from marts.bridge_functional_cofog"
    ).fetchone()
    assert counted is not None
    assert f"{counted[0]} of the {counted[1]} rows with a division are `is_approximate`" in " ".join(EXPORTS.split())


@pytest.mark.parametrize("page", [CONNECTING, EXPORTS], ids=["connecting", "exports"])
def test_links_lead_to_files(page: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page)
    assert [target for target in targets if not (ROOT / "docs" / target).exists()] == []
