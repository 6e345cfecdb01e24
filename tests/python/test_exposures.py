"""dbt's documentation says who uses which table. It says what the queries say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ingest.home import Home
from tests.python.conftest import ROOT

# Exposure: where its queries stand.
QUERIES = {
    "notebooks": ["reporting/queries"],
    "report_site": ["reporting/site"],
    "exports": ["reporting/exports"],
    "questions": ["analyses", "macros/analysis.sql"],
}
TABLE = re.compile(r"\bmarts\.([a-z_]+)|\bref\('([a-z_]+)'\)")


@pytest.fixture(scope="module")
def exposures(sample_home: Home) -> dict[str, Any]:
    manifest = json.loads((sample_home.current / "target" / "manifest.json").read_text(encoding="utf-8"))
    return {exposure["name"]: exposure for exposure in manifest["exposures"].values()}


def tables_named(places: list[str]) -> set[str]:
    files = [file for place in places for file in (_files(ROOT / place))]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return {marts or reference for marts, reference in TABLE.findall(text)}


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else [path for path in place.rglob("*") if path.suffix in {".sql", ".py"}]


@pytest.mark.parametrize("name", QUERIES)
def test_an_exposure_depends_on_what_its_queries_read(exposures: dict[str, Any], name: str) -> None:
    told = {node.rpartition(".")[2] for node in exposures[name]["depends_on"]["nodes"]}
    assert told == tables_named(QUERIES[name])


def test_there_is_no_other_exposure(exposures: dict[str, Any]) -> None:
    assert exposures.keys() == QUERIES.keys()
