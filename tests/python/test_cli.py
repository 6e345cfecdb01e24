"""The command line: exit statuses, messages of one line, JSON for programs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import ingest.run
from ingest.cli import main
from ingest.home import Home, HomeBusy
from ingest.run import IngestSummary, RejectedFile
from tests.python.small_project import make_project, make_staging

SCAN = RejectedFile(
    "files/扫描件.pdf", "no_text_layer", "no text layer", "run it through OCR first", 1, None, "a: line\nto: paste"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home and a small project."""
    monkeypatch.setenv("JUESUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("JUESUAN_PROJECT", str(make_project(tmp_path / "project")))
    return Home(tmp_path / "home")


def ingest_as_if(monkeypatch: pytest.MonkeyPatch, *rejected: RejectedFile) -> None:
    """Let the ingest load one document, which is in staging afterwards, and reject some files."""

    def run_ingest(paths: Iterable[Path], staging: Path, **_: Any) -> IngestSummary:
        if not staging.exists():
            make_staging(staging)
        return IngestSummary("r1", "0", 1 + len(rejected), 1, 0, list(rejected), 0.1)

    monkeypatch.setattr(ingest.run, "run_ingest", run_ingest)


# Exit statuses.


def test_ingest_ends_with_0_when_all_is_loaded_and_3_when_something_is_not(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest_as_if(monkeypatch)
    assert main(["ingest", "files"]) == 0
    assert capsys.readouterr().out == f"1 loaded, 0 unchanged, 0 rejected: {home.staging}\n"
    ingest_as_if(monkeypatch, SCAN)
    assert main(["ingest", "files"]) == 3
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  files/扫描件.pdf: page 1: no text layer; run it through OCR first",
        "    | a: line",
        "    | to: paste",
    ]


def test_nightly_tells_published_from_published_with_rejections_from_not_published(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest_as_if(monkeypatch)
    assert main(["nightly", "--no-reports", "files"]) == 0
    first = home.published_build()
    ingest_as_if(monkeypatch, SCAN)
    # A file that is rejected is in no mart: there is nothing to publish.
    assert main(["nightly", "--no-reports", "files"]) == 3
    assert home.published_build() == first
    capsys.readouterr()

    model = tmp_path / "project" / "models" / "dim_document.sql"
    model.write_text(f"{model.read_text(encoding='utf-8')} -- changed", encoding="utf-8")
    assert main(["nightly", "--no-reports", "files"]) == 3
    second = home.published_build()
    assert first != second
    capsys.readouterr()

    model.write_text("select 1 as n where false", encoding="utf-8")
    assert main(["nightly", "--no-reports", "files"]) == 1
    assert home.published_build() == second
    (line,) = (line for line in capsys.readouterr().err.splitlines() if line.startswith("juesuan nightly: "))
    assert line.startswith(f"juesuan nightly: build failed: marts.dim_document is empty; still published: {second}; log: ")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["ingest"],
        ["ingest", "--workers", "0", "."],
        ["explain", "--department", "财政局"],
        ["publish"],
    ],
)
def test_misuse_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: juesuan")


@pytest.mark.parametrize(
    ("words", "verb", "told"),
    [
        (["findings", "--dept", "x"], "findings", "unrecognized arguments: --dept x"),
        (["status", "more"], "status", "unrecognized arguments: more"),
        (["--home", "h", "build", "--kept", "3"], "build", "unrecognized arguments: --kept 3"),
        (["findings", "--kind", "x"], "findings", "argument --kind: invalid choice: 'x'"),
    ],
)
def test_what_a_verb_does_not_understand_is_told_with_its_own_usage(
    words: list[str], verb: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith(f"usage: juesuan {verb} ")
    assert f"juesuan {verb}: error: {told}" in complaint


def test_a_path_that_does_not_exist_is_misuse(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", "nowhere/决算.pdf"]) == 2
    assert capsys.readouterr().err == "juesuan ingest: nowhere/决算.pdf: no such file or folder\n"


def test_a_home_that_does_not_exist_is_not_made_by_a_build(
    tmp_path: Path, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    mistyped = tmp_path / "warehuose"
    assert main(["build", "--home", str(mistyped)]) == 1
    assert capsys.readouterr().err == (
        f"juesuan build: there is no folder {mistyped}; read some disclosures first: juesuan ingest PATH…\n"
    )
    assert not mistyped.exists()


@pytest.mark.parametrize("words", [["--home", "HERE", "status"], ["status", "--home", "HERE"]])
def test_the_home_may_be_named_before_or_after_the_verb(
    words: list[str], home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = str(tmp_path / "here")
    assert main([here if word == "HERE" else word for word in words]) == 0
    assert here in capsys.readouterr().out


# JSON.


def test_json_is_all_that_is_on_standard_output(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ingest_as_if(monkeypatch, SCAN)
    assert main(["nightly", "--json", "--no-reports", "files"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["published"] is True
    assert told["build"]["row_counts"]["fct_reported_amount"] == 2
    assert told["ingest"]["rejected"][0]["code"] == "no_text_layer"


def test_json_tells_of_a_build_that_failed(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_staging(home.staging)
    (tmp_path / "project" / "models" / "dim_document.sql").write_text("select 1 as n where false", encoding="utf-8")
    assert main(["build", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["published"], told["build"]["problems"]) == (False, ["marts.dim_document is empty"])


# One run at a time.


def test_a_second_run_is_told_who_holds_the_home(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    make_staging(home.staging)
    code = (
        "import sys, pathlib; from ingest.home import Home\n"
        f"with Home(pathlib.Path({str(home.path)!r})).exclusive('nightly', create=True):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert main(["build"]) == 1
        other.kill()
    assert f"{home.path} is in use by juesuan nightly (process {other.pid}); try again" in capsys.readouterr().err
    # The lock went with the process, though it was killed.
    with home.exclusive("build", create=False):
        pass


def test_a_run_inside_a_run_is_refused(home: Home) -> None:
    with home.exclusive("ingest", create=True), pytest.raises(HomeBusy), home.exclusive("build", create=False):
        pass


def test_a_terminated_build_leaves_no_process_behind(home: Home) -> None:
    make_staging(home.staging)
    with subprocess.Popen([sys.executable, "-m", "ingest", "build"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "build: starting dbt\n"
        process.terminate()
        # A child that lived on would hold this pipe open.
        told = process.stderr.read()
    assert process.returncode == 1
    assert told.endswith("juesuan build: interrupted; what is published is as it was\n")
    assert home.published_build() is None


def test_what_the_system_refuses_is_told_in_one_line(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_staging(home.staging)
    home.builds.write_text("a file in the way", encoding="utf-8")
    assert main(["build"]) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("juesuan build: [Errno 20] Not a directory")


# Speed and what happens in a shell.


def test_help_answers_at_once() -> None:
    def run() -> float:
        began = time.monotonic()
        subprocess.run([sys.executable, "-m", "ingest", "--help"], check=True, capture_output=True)
        return time.monotonic() - began

    # The best of three: the machine may be busy, the command may not.
    assert min(run() for _ in range(3)) < 0.3


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, ingest.cli\n"
        "try: ingest.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'duckdb', 'pandas', 'tqdm', 'pdfplumber', 'great_expectations', 'dbt'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_stops_reading_is_no_error(home: Home) -> None:
    process = subprocess.run(f"{sys.executable} -m ingest status | true", shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in process.stderr
