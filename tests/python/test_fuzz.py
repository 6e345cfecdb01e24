"""Some hundred and fifty damaged, mutated and hostile files in one ingest: `make fuzz` tries thousands (docs/security.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.attacks import attacks
from tests.fuzz.campaign import Report, campaign
from tests.fuzz.mutant import Mutant
from tests.fuzz.mutants import MUTATIONS, mutant
from tests.fuzz.seeds import FORMATS, seeds

# Recognising a picture and starting LibreOffice take seconds a file; what is read quickly is tried more.
COUNTS = {
    "txt": 19,
    "md": 20,
    "pdf": 14,
    "xlsx": 14,
    "ods": 12,
    "xls": 10,
    "csv": 8,
    "tsv": 4,
    "docx": 14,
    "html": 14,
    "mht": 4,
    "zip": 12,
}
# Beside them the crafted files that are small, or are told from their first bytes.
SMALL = 20_000  # bytes
TIME_LIMIT = 20  # seconds for one file


def _files() -> Iterator[Mutant]:
    for kind, count in COUNTS.items():
        # Spread over the mutations, which take turns.
        step = max(1, len(MUTATIONS[kind]) // count)
        yield from (mutant(kind, number * step, seed=1) for number in range(count))
    for file in attacks(("pdf", "txt", "xlsx", "zip")):
        if len(file.content) < SMALL and file.mutation != "wrong_suffix":
            yield file


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    files = list(_files())
    assert len({file.file_name for file in files}) == len(files) > 140
    [last] = campaign(files, tmp_path_factory.mktemp("fuzz"), time_limit=TIME_LIMIT, batch=len(files))
    assert last.files == len(files)
    return last


def test_every_file_is_loaded_whole_or_rejected_once_with_a_line_that_helps(report: Report) -> None:
    assert report.violations == []


def test_no_file_meets_a_fault_of_ours(report: Report) -> None:
    assert report.faults == []


def test_no_file_ends_its_process_or_outlasts_its_time(report: Report) -> None:
    assert report.deaths == []


def test_mutants_are_loaded_and_rejected_both_and_for_many_reasons(report: Report) -> None:
    outcomes = {outcome for _, _, outcome in report.outcomes}
    assert "loaded" in outcomes
    assert len(outcomes) >= 8


def test_the_same_seed_makes_the_same_mutants() -> None:
    for kind in ("txt", "pdf", "xlsx"):
        assert [mutant(kind, n, 1).content for n in range(6)] == [mutant(kind, n, 1).content for n in range(6)]
        assert mutant(kind, 3, 1).content != mutant(kind, 3, 2).content


def test_every_format_that_is_read_has_seeds_and_mutations() -> None:
    assert set(FORMATS) == set(MUTATIONS)
    # Writing .doc needs LibreOffice.
    assert all(seeds(kind) for kind in FORMATS if kind != "doc")


def test_nothing_that_an_archive_names_is_written_outside(report: Report) -> None:
    assert report.files
    for path in (Path("/tmp/escaped.txt"), Path("/etc/escaped.txt"), Path.cwd() / "escaped.txt"):
        assert not path.exists()
