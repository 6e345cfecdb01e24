"""Workers: whatever a file does to the process that reads it, it is one rejection, the rest is read, nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest import pool as pool_module
from ingest.desk import Desk
from ingest.limits import Limits, parse_size, shown_size
from ingest.parsed import ParsedDocument, Rejected
from ingest.pool import Pool, WorkersCannotStart
from tests.python import tasks
from tests.python.processes import is_running
from tests.python.tasks import MIB, Do

LIMITS = Limits(seconds=4, memory=512 * MIB)
What = Callable[[Desk, Path], object]


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The system's folder for temporary files, which must be empty again after each test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def do(tmp_path: Path, *whats: What, workers: int = 1, limits: Limits = LIMITS) -> list[object]:
    with Pool(workers, limits) as pool:
        return list(pool.outcomes([Do(what, tmp_path / f"note-{number}") for number, what in enumerate(whats)]))


def told(outcome: object) -> str:
    """What a document says, or the code of a rejection."""
    return outcome.code if isinstance(outcome, Rejected) else outcome.media_type  # type: ignore[attr-defined, no-any-return]


def test_what_kills_or_holds_a_process_is_one_rejection_and_the_rest_is_read(tmp_path: Path) -> None:
    outcomes = do(
        tmp_path, tasks.hang_in_c, tasks.read, tasks.crash, tasks.leave, tasks.read, tasks.vanish, tasks.be_killed,
        tasks.be_killed_once, tasks.allocate, tasks.read, workers=2,
    )  # fmt: skip
    sound = "application/pdf"
    assert [told(outcome) for outcome in outcomes] == [
        "too_slow", sound, "worker_died", "internal_error", sound, "worker_died", "worker_died", sound, "too_large", sound,
    ]  # fmt: skip
    messages = [outcome.message if isinstance(outcome, Rejected) else "" for outcome in outcomes]
    assert messages[0] == "reading it takes more than the 4 s that one file may take"
    assert "twice (SIGABRT: " in messages[2]
    assert "I give up" in messages[3]
    assert "twice (exit status 0: " in messages[5]
    assert "twice (SIGKILL: out of memory, of which it may take 512 MiB" in messages[6]
    assert messages[8] == "reading it takes more than the 512 MiB of memory that one file may take"
    worker, child, _ = (tmp_path / "note-0").read_text(encoding="utf-8").split()
    until(lambda: not is_running(int(worker)) and not is_running(int(child)), "what the hanging worker started is still running")


def test_memory_is_bounded_for_a_worker_and_its_children_together(tmp_path: Path) -> None:
    assert [told(outcome) for outcome in do(tmp_path, tasks.let_children_allocate, limits=Limits(60, 512 * MIB))] == ["too_large"]


def test_a_result_that_is_no_record_or_is_too_large_is_a_rejection(tmp_path: Path) -> None:
    outcomes = do(
        tmp_path, tasks.return_what_cannot_be_sent, tasks.return_what_must_not_be_believed, tasks.return_too_much, tasks.read,
        limits=Limits(60, 1024 * MIB),
    )  # fmt: skip
    assert [told(outcome) for outcome in outcomes] == ["internal_error", "internal_error", "too_large", "application/pdf"]
    assert "posix.system, which is no record" in str(outcomes[1])
    assert "more than the 128 MiB" in str(outcomes[2])


def test_one_process_reads_many_files_and_is_replaced_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "FILES_PER_WORKER", 3)
    processes = [told(outcome) for outcome in do(tmp_path, *[tasks.tell_process] * 7)]
    assert [processes.count(process) for process in dict.fromkeys(processes)] == [3, 3, 1]


def test_no_file_is_far_ahead_of_the_first_that_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "FILES_AHEAD", 2)
    notes = [tmp_path / f"note-{number}" for number in range(6)]
    with Pool(1, LIMITS) as pool:
        outcomes = pool.outcomes([Do(tasks.be_killed_once, note) for note in notes])
        next(outcomes)
        until(notes[1].exists, "the second file was not read ahead")
        time.sleep(0.3)
        assert [note.exists() for note in notes] == [True, True, False, False, False, False]
        assert sum(1 for _ in outcomes) == 5


def test_a_worker_has_no_input_prints_nothing_and_finds_its_folder_empty(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    outcomes = do(tmp_path, tasks.tell_streams, tasks.leave_a_temporary_file, tasks.leave_a_temporary_file)
    assert [told(outcome) for outcome in outcomes] == ["''b''", "0", "0"]
    assert capfd.readouterr() == ("", "")


def test_outcomes_may_be_abandoned_and_the_pool_goes_on(tmp_path: Path) -> None:
    with Pool(1, LIMITS) as pool:
        first = pool.outcomes([Do(tasks.read, tmp_path / "a"), Do(tasks.wait_for_a_child, tmp_path / "b")])
        assert isinstance(next(first), ParsedDocument)
        until((tmp_path / "b").exists, "the second task did not begin")
        first.close()
        (second,) = pool.outcomes([Do(tasks.read, tmp_path / "c")])
        assert isinstance(second, ParsedDocument)


def test_workers_that_do_not_start_end_the_run(tmp_path: Path) -> None:
    with Pool(2, LIMITS, tasks.never_ready) as pool, pytest.raises(WorkersCannotStart, match="do not start: exit status 1"):
        list(pool.outcomes([Do(tasks.read, tmp_path / "a")]))


RUN = """
import sys
from pathlib import Path
from ingest.cli import _terminated_like_interrupted
from ingest.limits import Limits
from ingest.pool import Pool
from tests.python import tasks

if __name__ == "__main__":
    what, note = getattr(tasks, sys.argv[1]), Path(sys.argv[2])
    with _terminated_like_interrupted(), Pool(1, Limits(100)) as pool:
        list(pool.outcomes([tasks.Do(what, note)]))
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_however_a_run_ends_nothing_of_it_is_left(tmp_path: Path, temporary: Path, root: Path, how: signal.Signals) -> None:
    script, note = tmp_path / "run.py", tmp_path / "note"
    script.write_text(RUN, encoding="utf-8")
    what = "hang_in_c" if how == signal.SIGKILL else "wait_for_a_child"
    command = [sys.executable, str(script), what, str(note)]
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(root)}, stderr=subprocess.DEVNULL) as run:
        until(note.exists, "the worker did not begin")
        worker, child, file = note.read_text(encoding="utf-8").split()
        assert Path(file).is_relative_to(temporary)
        run.send_signal(how)
    until(lambda: not is_running(int(worker)) and not is_running(int(child)), "something is still running")
    until(lambda: list(temporary.iterdir()) == [], "its folder is still there")


def until(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("text", "size"), [("2G", 2 * 1024**3), ("512M", 512 * MIB), ("1.5 GiB", 1536 * MIB), ("4096", 4096), ("1k", 1024)]
)
def test_sizes_are_said_as_people_say_them(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "G", "two", "-1", "1 M B", "1e9"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no size; say it as 512M or 2G"):
        parse_size(text)


def test_a_limit_is_told_as_it_was_set() -> None:
    assert [shown_size(size) for size in (2 * 1024**3, 1536 * MIB, 512 * MIB, 100)] == [
        "2 GiB",
        "1.5 GiB",
        "512 MiB",
        "100 bytes",
    ]
