"""What a disclosure costs must not depend on how many others there are: every join of data with data is by equality."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.corruption import copied
from benchmarks.growth import BODIES, YEARS, departments, plan
from ingest.home import Home
from ingest.staging.frames import OF_DOCUMENTS

# Joins of DuckDB that hold each row of one side against each of the other.
LOOPS = ("BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN", "CROSS_PRODUCT", "IE_JOIN", "PIECEWISE_MERGE_JOIN")

# One side is a seed, or a list as short as one: patterns, periods of codes, readings, lengths of names.
AGAINST_A_SEED = {
    "int_claim_base": "patterns of stated measures",
    "int_claim_candidate_cell": "patterns of stated measures, and of lines",
    "int_claim_check_completion": "patterns of stated measures",
    "int_claim_functional_code": "codes of the seed with those above them",
    "int_department_pair": "lengths of names and regions",
    "int_prose_check_template": "phrases of templates",
    "int_stated_change_figure": "patterns of yearly measures",
    "int_summary_line": "patterns of lines",
    "rpt_suspect_reading": "thresholds of confidence",
    "int_supplementary_line": "patterns of lines",
    "int_term_project_money": "two readings of a rate",
}


@pytest.fixture(scope="module")
def plans(sample_home: Home, root: Path) -> dict[str, str]:
    """How DuckDB would run each model again, as JSON, by name."""
    build = sample_home.warehouse.resolve().parent
    compiled = build / "target" / "compiled" / "juesuan"
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{build / 'warehouse.duckdb'}' as warehouse (read_only)")
        connection.execute(f"attach '{sample_home.staging}' as juesuan_staging (read_only)")
        connection.execute("set explain_output = 'physical_only'")
        # Where a model lies, dbt compiles it to. Elsewhere lie tests, and what unit tests put in the place of a model, under
        # the name of the model: two of them may write one such file at once.
        return {
            path.stem: connection.execute(
                f"explain (format json) {(compiled / path.relative_to(root)).read_text(encoding='utf-8')}"
            ).fetchall()[0][1]
            for path in sorted((root / "models").rglob("*.sql"))
        }


def operators(plan: list[dict[str, Any]]) -> Iterator[str]:
    for node in plan:
        yield node["name"].strip()
        yield from operators(node["children"])


def test_no_model_holds_every_row_against_every_row(plans: dict[str, str]) -> None:
    looping = {model for model, text in plans.items() if not set(LOOPS).isdisjoint(operators(json.loads(text)))}
    assert len(plans) > 80
    assert looping - set(AGAINST_A_SEED) == set()


def test_made_up_departments_have_names_of_their_own() -> None:
    made = departments(1000)
    assert len({department.name for department in made}) == 1000
    assert len({department.region for department in made} - {None}) == 1000 // len(BODIES.split())
    assert all(department.region is None or department.name.startswith(department.region) for department in made)


@pytest.mark.parametrize("copies", [1, 2 * YEARS, 2 * YEARS + 1])
def test_as_many_disclosures_are_planned_as_are_asked_for(copies: int) -> None:
    home = [("a", "final_account", 2024, ["d1"]), ("b", "budget", 2024, ["d2", "d3"])]
    planned = plan(home, copies)
    kind = {document: kind for _, kind, _, documents in home for document in documents}
    assert len({(name, year, kind[document]) for name, _, year, document in planned}) == copies


def test_a_disclosure_is_copied_with_all_that_staging_holds_of_it(sample_home: Home, tmp_path: Path) -> None:
    """The benchmarks judge copies of what was read: a copy has the rows of its original, and what runs saw is as it was."""
    staging = tmp_path / "copied.duckdb"  # not "staging": DuckDB would not know the file from the schema
    shutil.copyfile(sample_home.staging, staging)
    with closing(duckdb.connect(staging)) as connection:
        seen = connection.execute("select count(*) from staging.seen_file").fetchone()
        original = connection.execute("select min(document_id) from staging.document").fetchone()
        assert original is not None
        ids = copied(connection, [original[0]], "副本局", "copy")
        for table in OF_DOCUMENTS:
            rows = f"select count(*) from staging.{table} where document_id = ?"
            of_both = [connection.execute(rows, [document]).fetchone() for document in (original[0], ids[original[0]])]
            assert of_both[0] == of_both[1], table
        assert connection.execute("select count(*) from staging.seen_file").fetchone() == seen
