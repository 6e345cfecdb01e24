"""What several tests share: the warehouse of the samples, built once, and the corpus of real documents where it is at hand."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from ingest.cli import main
from ingest.home import Home

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(os.environ.get("JUESUAN_CORPUS") or ROOT.parent / "shared" / "corpus")

_without_corpus = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The bundled samples, ingested, built and published as `make warehouse` does it. Read it; do not write to it."""
    return _load(tmp_path_factory.mktemp("samples") / "warehouse", ROOT / "samples" / "disclosures", all_must_load=True)


@pytest.fixture
def sample_warehouse(sample_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse of the samples, open for reading."""
    with closing(duckdb.connect(sample_home.warehouse, read_only=True)) as connection:
        yield connection


@pytest.fixture(scope="session")
def sample_site(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the report site of the samples. Read it; do not write to it."""
    from reporting.site import build_site

    folder = tmp_path_factory.mktemp("report") / "site"
    build_site(sample_home.warehouse, folder, built_at="2026-11-28 08:00", build_id="20261128T080000Z")
    return folder


@pytest.fixture(scope="session")
def corpus(pytestconfig: pytest.Config) -> Path:
    """The folder of real documents and their transcriptions; without it the test is skipped, and the summary says so."""
    if not (CORPUS / "documents").is_dir():
        pytest.skip(f"no corpus at {CORPUS}")
    return CORPUS


@pytest.fixture(scope="session")
def corpus_home(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The documents of the corpus, ingested, built and published; some of them are there to be rejected."""
    return _load(tmp_path_factory.mktemp("corpus") / "warehouse", corpus / "documents", all_must_load=False)


def _load(home: Path, documents: Path, *, all_must_load: bool) -> Home:
    ingested = main(["--home", str(home), "ingest", str(documents)])
    assert ingested in ({0} if all_must_load else {0, 3}), f"ingest of {documents} ended with exit status {ingested}"
    assert main(["--home", str(home), "build"]) == 0, "the build failed; its messages are above"
    return Home(home)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_without_corpus] = []


def pytest_itemcollected(item: pytest.Item) -> None:
    if {"corpus", "corpus_home"} & set(getattr(item, "fixturenames", ())) and not (CORPUS / "documents").is_dir():
        item.config.stash[_without_corpus].append(item.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say it where nobody overlooks it: a green run without the corpus has tried no real document, without the extra no scan."""
    missed = config.stash[_without_corpus]
    if missed:
        terminalreporter.write_sep("!", "CORPUS NOT FOUND", red=True, bold=True)
        terminalreporter.write_line(f"CORPUS NOT FOUND at {CORPUS}: {len(missed)} tests were not run", red=True, bold=True)
    unread = [report for report in terminalreporter.getreports("skipped") if "make ocr" in str(report.longrepr)]
    if unread:
        terminalreporter.write_sep("!", "RECOGNITION NOT INSTALLED", red=True, bold=True)
        terminalreporter.write_line(f"make ocr: {len(unread)} tests of scans and pictures were not run", red=True, bold=True)


def load_script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
