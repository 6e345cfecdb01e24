"""Ingest runs: every file accounted for, whatever it does; reruns do nothing; staging follows what the paths hold."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingest import pool, run
from ingest.files import NoSuchPath, find_files
from ingest.run import IngestSummary, run_ingest
from ingest.version import deciding_files, digest, parser_version
from tests.python.parsers import parse, parse_all, parse_none
from tests.python.processes import is_running

Ingest = Callable[..., IngestSummary]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "disclosures"
    made.mkdir()
    return made


@pytest.fixture
def ingest(tmp_path: Path, folder: Path) -> Ingest:
    def run_it(*paths: Path, **options: object) -> IngestSummary:
        chosen = {"workers": 1, "show_progress": False, "parse": parse} | options
        return run_ingest(paths or [folder], tmp_path / "staging.duckdb", **chosen)  # type: ignore[arg-type]

    return run_it


def query(tmp_path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = duckdb.connect()
    connection.execute(f"attach '{tmp_path / 'staging.duckdb'}' as s (read_only)")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def write(folder: Path, **contents: str) -> None:
    for name, content in contents.items():
        (folder / f"{name}.txt").write_text(content, encoding="utf-8")


def outcome(summary: IngestSummary) -> tuple[int, int, list[tuple[str, str]]]:
    return summary.loaded, summary.unchanged, [(Path(r.file_path).name, r.code) for r in summary.rejected]


def test_every_file_is_loaded_or_rejected_whatever_it_does_to_its_process(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(
        folder, a="sound 1", b="die", c="crash", d="refuse", e="sound 2", f="wrong-page", g="rewrite", h="die-once", i="huge",
        j="slow", k="hoard",
    )  # fmt: skip
    summary = ingest(workers=2)
    assert outcome(summary) == (
        4,
        0,
        [
            ("b.txt", "worker_died"),
            ("c.txt", "internal_error"),
            ("d.txt", "no_forms"),
            ("f.txt", "expectation_failed"),
            ("g.txt", "changed_while_reading"),
            ("i.txt", "figure_out_of_range"),
            ("k.txt", "too_large"),
        ],
    )
    loaded = query(tmp_path, "select file_name from s.staging.document order by loaded_at, file_name")
    assert loaded == [("a.txt",), ("e.txt",), ("h.txt",), ("j.txt",)]
    assert query(tmp_path, "select count(distinct document_id), count(*) from s.staging.amount") == [(4, 36)]


def test_each_rejection_is_one_line_that_says_what_is_wrong_and_what_to_do(folder: Path, ingest: Ingest) -> None:
    write(folder, c="crash", d="refuse")
    crash, refusal = (str(rejected) for rejected in ingest().rejected)
    assert "c.txt: ValueError: first line second line (parsers.py, line" in crash
    assert crash.endswith("; this is a fault of juesuan, not of the file: report it together with the file")
    assert refusal.endswith("d.txt: page 3: it has none of the standard forms; check that it is a disclosure")


def test_a_rejection_is_kept_with_all_that_is_known_of_it(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, d="refuse")
    ingest()
    columns = "file_path, code, source_page, paste, parser_version, length(document_id), expectation"
    assert query(tmp_path, f"select {columns} from s.staging.rejection") == [
        (str(folder / "d.txt"), "no_forms", 3, "- paste me", parser_version(), 64, None)
    ]


def test_a_failed_expectation_is_kept_with_its_rows(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, f="wrong-page")
    [rejected] = ingest().rejected
    assert rejected.message.startswith("form: expected that in every row last_page is a page of the document; 2 rows differ")
    [(expectation, rows)] = query(tmp_path, "select expectation, failing_rows ->> '$.*[*].last_page' from s.staging.rejection")
    assert expectation == "form.ExpectColumnPairValuesAToBeGreaterThanB(page_limit, last_page)"
    assert rows == ["4", "5"]


def test_a_rerun_over_unchanged_files_parses_and_changes_nothing(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, a="sound", d="refuse")
    ingest()
    before = query(tmp_path, "select loaded_at from s.staging.document union all select rejected_at from s.staging.rejection")
    summary = ingest(parse=None)  # the real parser would reject the first file
    assert outcome(summary) == (0, 1, [("d.txt", "no_forms")])
    after = query(tmp_path, "select loaded_at from s.staging.document union all select rejected_at from s.staging.rejection")
    assert after == before


def test_what_may_have_passed_is_tried_again(folder: Path, ingest: Ingest) -> None:
    write(folder, a="crash")
    ingest()
    assert outcome(ingest(parse=parse_all)) == (1, 0, [])


def test_a_newer_parser_reads_again_and_its_word_stands(
    tmp_path: Path, folder: Path, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, a="sound", b="refuse")
    ingest()
    monkeypatch.setattr(run, "parser_version", lambda: "newer")
    assert outcome(ingest(parse=parse_all)) == (2, 0, [])
    assert query(tmp_path, "select distinct parser_version from s.staging.document") == [("newer",)]
    monkeypatch.setattr(run, "parser_version", lambda: "newest")
    assert outcome(ingest(parse=parse_none)) == (0, 0, [("a.txt", "no_forms"), ("b.txt", "no_forms")])
    assert query(tmp_path, "select (select count(*) from s.staging.document), (select count(*) from s.staging.amount)") == [
        (0, 0)
    ]


def test_the_same_bytes_under_two_paths_are_one_document(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, a="sound", b="sound", c="refuse", d="refuse")
    assert outcome(ingest()) == (1, 1, [("c.txt", "no_forms"), ("d.txt", "no_forms")])
    assert outcome(ingest()) == (0, 2, [("c.txt", "no_forms"), ("d.txt", "no_forms")])
    assert query(tmp_path, "select file_name from s.staging.document") == [("a.txt",)]


def paths(tmp_path: Path) -> dict[str, tuple[int, bool]]:
    """The paths of loaded documents by file name: in which of the runs it was first seen, and whether it is gone."""
    rows = query(
        tmp_path,
        """
        select p.file_name, (select count(*) from s.staging.ingest_run where started_at <= p.first_seen_at), p.gone_at is not null
        from s.staging.document_path as p
        join s.staging.document as d using (document_id)
        """,
    )
    return {str(name): (int(run), bool(gone)) for name, run, gone in rows}  # type: ignore[call-overload]


def test_every_path_of_the_same_bytes_is_kept_with_the_run_that_saw_it_first(
    tmp_path: Path, folder: Path, ingest: Ingest
) -> None:
    write(folder, a="sound")
    ingest()
    write(folder, b="sound")
    (folder / "below").mkdir()
    write(folder / "below", c="sound")
    ingest()
    assert query(tmp_path, "select file_name from s.staging.document") == [("a.txt",)]
    assert paths(tmp_path) == {"a.txt": (1, False), "b.txt": (2, False), "c.txt": (2, False)}


def test_files_of_one_run_are_first_seen_at_one_time(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, a="sound 1", b="sound 2", c="sound 2")
    ingest()
    assert query(tmp_path, "select count(*), count(distinct first_seen_at) from s.staging.document_path") == [(3, 1)]


def test_a_path_is_gone_only_if_a_run_looked_there(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    (folder / "below").mkdir()
    (folder / "below2").mkdir()
    write(folder, a="sound")
    write(folder / "below", b="sound")
    write(folder / "below2", c="sound")
    ingest()
    (folder / "below" / "b.txt").unlink()
    (folder / "below2" / "c.txt").unlink()
    ingest(folder / "a.txt")
    assert paths(tmp_path) == {"a.txt": (1, False), "b.txt": (1, False), "c.txt": (1, False)}
    ingest(folder / "below")  # and not below2, whose name begins alike
    assert paths(tmp_path) == {"a.txt": (1, False), "b.txt": (1, True), "c.txt": (1, False)}
    write(folder / "below", b="sound")
    ingest()
    assert paths(tmp_path) == {"a.txt": (1, False), "b.txt": (1, False), "c.txt": (1, True)}


def test_a_newer_parser_does_not_make_a_document_newer(
    tmp_path: Path, folder: Path, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, a="sound")
    ingest()
    monkeypatch.setattr(run, "parser_version", lambda: "newer")
    assert outcome(ingest()) == (1, 0, [])
    assert paths(tmp_path) == {"a.txt": (1, False)}


def test_bytes_that_give_up_one_of_their_paths_stay_loaded_from_the_other(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, a="sound 1", b="sound 1")
    ingest()
    write(folder, a="sound 2")
    ingest(folder / "a.txt")
    assert query(tmp_path, "select file_name from s.staging.document order by 1") == [("a.txt",), ("b.txt",)]
    rows = query(tmp_path, "select file_name, gone_at is null from s.staging.document_path order by first_seen_at, file_name")
    assert rows == [("a.txt", False), ("b.txt", True), ("a.txt", True)]


def test_a_staging_of_before_paths_were_kept_learns_them_from_its_documents(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, a="sound 1", b="sound 2")
    ingest()
    with duckdb.connect(tmp_path / "staging.duckdb") as connection:
        connection.execute("drop table staging.staging.document_path")
    write(folder, c="sound 3")
    ingest()
    assert paths(tmp_path) == {"a.txt": (1, False), "b.txt": (1, False), "c.txt": (2, False)}


def test_a_path_with_new_content_holds_only_that(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, a="sound 1")
    ingest()
    write(folder, a="sound 2")
    assert outcome(ingest()) == (1, 0, [])
    assert query(tmp_path, "select count(*) from s.staging.document") == [(1,)]
    write(folder, a="refuse")
    ingest()
    assert query(tmp_path, "select count(*) from s.staging.document") == [(0,)]
    write(folder, a="sound 1")
    assert outcome(ingest()) == (1, 0, [])
    assert query(tmp_path, "select count(*) from s.staging.rejection") == [(0,)]


def test_a_moved_file_is_the_same_document_at_its_new_place(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, a="sound 1")
    ingest()
    (folder / "a.txt").rename(folder / "z.txt")
    write(folder, a="sound 2")  # the old path holds another document now
    assert outcome(ingest()) == (1, 1, [])
    assert query(tmp_path, "select file_name from s.staging.document order by 1") == [("a.txt",), ("z.txt",)]


def test_a_path_that_becomes_a_copy_of_another_gives_up_what_it_held(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, a="sound 1", b="sound 2")
    ingest()
    write(folder, a="sound 2")
    assert outcome(ingest()) == (0, 2, [])
    assert query(tmp_path, "select file_name from s.staging.document") == [("b.txt",)]


def test_two_files_that_change_places_are_both_kept(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, a="sound 1", b="sound 2")
    ingest()
    write(folder, a="sound 2", b="sound 1")
    assert outcome(ingest()) == (0, 2, [])
    assert query(tmp_path, "select file_name from s.staging.document order by 1") == [("a.txt",), ("b.txt",)]


def test_a_deleted_file_stays_loaded(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, a="sound 1", b="sound 2")
    ingest()
    (folder / "a.txt").unlink()
    assert outcome(ingest()) == (0, 1, [])
    assert query(tmp_path, "select file_name from s.staging.document order by 1") == [("a.txt",), ("b.txt",)]


def test_runs_are_recorded(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    write(folder, a="sound", b="sound", d="refuse")
    first, second = ingest().run_id, ingest().run_id
    columns = "run_id, files_seen, files_loaded, files_unchanged, files_rejected, finished_at >= started_at, parser_version"
    assert query(tmp_path, f"select {columns} from s.staging.ingest_run order by started_at") == [
        (first, 3, 1, 1, 1, True, parser_version()),
        (second, 3, 0, 2, 1, True, parser_version()),
    ]


def test_documents_are_loaded_by_path_whatever_worker_is_first(
    tmp_path: Path, folder: Path, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "DOCUMENTS_PER_JUDGEMENT", 1)  # else the times of loading are the same
    write(folder, a="slow 1", b="sound 2", c="sound 3", d="slow 4")
    ingest(workers=2)
    names = query(tmp_path, "select file_name from s.staging.document order by loaded_at")
    assert names == [("a.txt",), ("b.txt",), ("c.txt",), ("d.txt",)]


def test_more_files_than_one_pool_takes_are_all_read(folder: Path, ingest: Ingest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "FILES_PER_WORKER", 1)
    write(folder, **{f"f{number}": f"sound {number}" for number in range(3)})
    assert outcome(ingest()) == (3, 0, [])


def test_progress_is_told_on_standard_error_and_only_when_wanted(
    folder: Path, ingest: Ingest, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, a="sound 1", b="sound 2", c="sound 3")
    ingest(show_progress=True)
    captured = capsys.readouterr()
    assert captured.err.splitlines() == ["ingest 0/3", "ingest 3/3: c.txt"]
    assert captured.out == ""
    write(folder, d="sound 4")
    ingest(show_progress=False)
    assert capsys.readouterr().err == ""


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path, folder: Path, root: Path) -> None:
    write(folder, a="linger")
    script = tmp_path / "run.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom ingest.run import run_ingest\nfrom tests.python.parsers import parse\n"
        "if __name__ == '__main__':\n"
        "    run_ingest([Path(sys.argv[1])], Path(sys.argv[2]), workers=1, show_progress=False, parse=parse)\n",
        encoding="utf-8",
    )
    command = [sys.executable, str(script), str(folder), str(tmp_path / "staging.duckdb")]
    killed = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(root)})
    worker_id = int(_content_of(folder / "a.pid"))
    killed.kill()
    killed.wait()
    _until(lambda: not is_running(worker_id), "the worker is still running")


def _content_of(path: Path) -> str:
    _until(lambda: path.exists() and path.read_text().endswith("\n"), f"{path} was not written")
    return path.read_text()


def _until(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


# --- Finding files ---


def test_only_what_may_be_a_disclosure_is_found_in_a_folder(folder: Path) -> None:
    (folder / "b").mkdir()
    (folder / ".hidden").mkdir()
    for name in ("z.pdf", "a.pdf", "b/c.pdf", ".d.pdf", "~$e.xlsx", "Thumbs.db", ".hidden/f.pdf"):
        (folder / name).write_text("x")
    assert [path.relative_to(folder).as_posix() for path in find_files([folder])] == ["a.pdf", "b/c.pdf", "z.pdf"]
    assert find_files([folder / ".d.pdf"]) == [folder / ".d.pdf"]  # named itself, it is wanted


def test_folders_that_link_to_each_other_are_walked_once(folder: Path) -> None:
    (folder / "b").mkdir()
    (folder / "b" / "c.pdf").write_text("x")
    (folder / "b" / "up").symlink_to(folder)
    (folder / "again").symlink_to(folder / "b")
    assert len(find_files([folder])) == 1


def test_a_file_that_is_named_twice_is_read_once(folder: Path) -> None:
    (folder / "a.pdf").write_text("x")
    assert find_files([folder, folder / "a.pdf", folder / ".." / folder.name]) == [folder / "a.pdf"]


def test_a_path_that_does_not_exist_is_a_misuse(folder: Path, ingest: Ingest) -> None:
    with pytest.raises(NoSuchPath, match=r"nowhere: no such file or folder"):
        ingest(folder / "nowhere")


def test_a_broken_link_and_a_pipe_are_rejected_and_do_not_block(folder: Path, ingest: Ingest) -> None:
    (folder / "link.pdf").symlink_to(folder / "nowhere.pdf")
    os.mkfifo(folder / "pipe.pdf")
    summary = ingest()
    assert outcome(summary) == (0, 0, [("link.pdf", "unreadable"), ("pipe.pdf", "unreadable")])
    assert [rejected.message for rejected in summary.rejected] == [
        "cannot be read: broken link",
        "cannot be read: not a regular file",
    ]


# --- The parser's version ---


def test_the_digest_follows_what_decides_and_only_that(tmp_path: Path) -> None:
    package = tmp_path / "ingest"
    shutil.copytree(Path(run.__file__).parent, package)
    before = digest(package, ["pdfplumber==1"])
    (package / "cli.py").write_text("# another command line")
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "parsed.pyc").write_bytes(b"compiled")
    assert digest(package, ["pdfplumber==1"]) == before
    assert digest(package, ["pdfplumber==2"]) != before
    (package / "catalogue" / "new.yaml").write_text("another: title")
    assert digest(package, ["pdfplumber==1"]) != before


def test_a_module_that_nobody_listed_decides(tmp_path: Path) -> None:
    (tmp_path / "run.py").touch()
    (tmp_path / "new.py").touch()
    assert deciding_files(tmp_path) == [tmp_path / "new.py"]
