"""Nights as a scheduler runs them: over a small folder and a small project, each in a process of its own.

All share one home that two nights were run in; what changes something works on a copy.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.publish.diff import compare
from ingest.publish.sql import attached
from tests.night.kill import Stage, aims, kill_once, set_up
from tests.night.nights import (
    bytes_below,
    check_whole,
    command,
    content,
    environment,
    figures,
    run_night,
)
from tests.python.small_project import add_test

# How many nights `make test` kills; `python -m tests.night.kill --count 100` kills more.
KILLED = 3


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A home after its first night, and a copy of it after its second one, in which a disclosure was corrected."""
    return set_up(tmp_path_factory.mktemp("nights"))


@pytest.fixture
def second(stage: Stage, tmp_path: Path) -> Path:
    """A copy of the home after its second night."""
    return Path(shutil.copytree(stage.folder / "alone", tmp_path / "home", symlinks=True))


def test_a_killed_night_leaves_one_whole_build_and_the_next_one_finishes(stage: Stage) -> None:
    for aim in aims(stage, random.Random(20261127), KILLED):
        kill_once(stage, aim)


def test_a_night_with_nothing_new_publishes_nothing_and_changes_no_byte(stage: Stage, second: Path) -> None:
    before = bytes_below(second / "current")
    published = Home(second).published_build()
    done = run_night(second, stage.documents, stage.project)
    assert done.returncode == 0, done.stderr
    assert f"nothing new: build {published} stands" in done.stdout
    assert bytes_below(second / "current") == before
    assert len(list((second / "builds").iterdir())) == 2
    state = json.loads((second / "nightly.json").read_text(encoding="utf-8"))
    assert (state["outcome"], state["exit_status"], state["build_id"]) == ("nothing_new", 0, published)
    assert "juesuan_documents 4" in (second / "juesuan.prom").read_text(encoding="utf-8").splitlines()


def test_a_corrected_disclosure_differs_in_exactly_its_changed_figures(stage: Stage) -> None:
    home = stage.folder / "alone"
    before, after = sorted((home / "builds").iterdir())
    found = compare(before / "warehouse.duckdb", after / "warehouse.duckdb", (before.name, after.name))
    changed = {(f.row_label, f.column_code, f.before, f.after) for f in found.figures if f.change == "changed"}
    # 体育局 had printed 200 and 20, and prints 200 and 25 now; 气象局 is new.
    expected = {("project", 20, 25), ("total", 220, 225)}
    assert changed == {
        (label, column, Decimal(old), Decimal(new)) for label in ("合计", "一般公共服务支出") for column, old, new in expected
    }
    assert {f.department_key for f in found.figures if f.change == "added"} == {"云岭省澜溪市气象局"}
    assert found.totals == {"added": 6, "changed": 4, "gone": 0}
    written = json.loads((after / "diff.json").read_text(encoding="utf-8"))
    assert written["totals"]["figures"] == found.totals
    assert [d.change for d in found.documents] == ["added", "replaced", "added"]


def test_staging_keeps_what_the_corrected_disclosure_had_printed(stage: Stage) -> None:
    with attached(staging=stage.folder / "alone" / "staging.duckdb") as connection:
        connection.execute("use staging.staging")
        documents = connection.execute(
            "select document_id, department_name, superseded_by, stood_from < stood_until from superseded_document"
        ).fetchall()
        amounts = connection.execute(
            "select document_id, column_code, printed_value from superseded_amount where row_code is null order by all"
        ).fetchall()
        current = connection.execute("select document_id from document where file_name = '体育局2023.txt'").fetchone()
    ((old, name, by, stood),) = documents
    assert (name, (by,), stood) == ("云岭省澜溪市体育局", current, True)
    assert amounts == [(old, column, Decimal(value)) for column, value in (("basic", 200), ("project", 20), ("total", 220))]


def test_order_and_number_of_workers_and_earlier_nights_decide_nothing(stage: Stage, tmp_path: Path) -> None:
    home = tmp_path / "home"
    last_first = sorted(map(str, stage.documents.iterdir()), reverse=True)
    asked = [sys.executable, "-m", "ingest", "--home", str(home), "nightly", *last_first, "--workers", "3", "--no-reports"]
    done = subprocess.run(asked, env=environment(stage.project), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # All were seen by this one night; all else is as after two.
    found = content(home)
    assert {table for table in stage.content if found[table] != stage.content[table]} == {"dim_document_path"}


def test_what_was_rolled_back_stays_so_until_something_is_new(stage: Stage, second: Path) -> None:
    first, last = sorted(folder.name for folder in (second / "builds").iterdir())
    back = [sys.executable, "-m", "ingest", "--home", str(second), "rollback", "--reason", "体育局 asked for it"]
    done = subprocess.run(back, env=environment(stage.project), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert figures(Home(second).warehouse) == stage.before
    night = run_night(second, stage.documents, stage.project)
    assert night.returncode == 0
    assert f"nothing new: build {first} stands; build {last} of the same documents was rolled back at" in night.stdout
    assert Home(second).published_build() == first


def test_a_second_run_says_who_holds_the_lock_and_leaves(stage: Stage, second: Path) -> None:
    began = time.monotonic()
    with Home(second).exclusive("nightly", create=False):
        done = run_night(second, stage.documents, stage.project, "--on-failure", f'echo "$JUESUAN_MESSAGE" > {second}/hook')
    assert done.returncode == 1
    assert "is in use by juesuan nightly (process " in done.stderr
    assert "is in use by juesuan nightly" in (second / "hook").read_text(encoding="utf-8")
    assert time.monotonic() > began


def test_a_night_that_fails_changes_nothing_that_is_read(stage: Stage, second: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(stage.project, tmp_path / "project"))
    add_test(project, "amounts_are_small", "select * from {{ ref('fct_reported_amount') }} where amount > 9")
    before, published = bytes_below(second / "current"), Home(second).published_build()
    done = run_night(second, stage.documents, project, "--on-failure", f'echo "$JUESUAN_MESSAGE" > {second}/hook')
    assert done.returncode == 1
    assert "build failed: test amounts_are_small: Got 24 results" in done.stderr
    assert f"still published: {published}" in done.stderr
    assert (Home(second).published_build(), bytes_below(second / "current")) == (published, before)
    assert "amounts_are_small" in (second / "hook").read_text(encoding="utf-8")
    assert "juesuan_last_run_exit_status 1" in (second / "juesuan.prom").read_text(encoding="utf-8").splitlines()
    lines = (second / "logs" / "nightly.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["event"] for line in lines[-4:]] == ["ingested", "build_failed", "ended", "hook"]


# Without a pause, yet behind the night where there are fewer cores than readers.
READER = """
import os, sys
import duckdb
os.nice(19)
path, stop = sys.argv[1], sys.argv[2]
query = "select department_key, sum(amount), count(*) from marts.fct_reported_amount group by all order by all"
seen = []
while True:
    ending = os.path.exists(stop)
    with duckdb.connect(path, read_only=True) as connection:
        connection.execute("set enable_progress_bar = false")
        first = connection.execute(query).fetchall()
        for _ in range(5):
            assert connection.execute(query).fetchall() == first, "a connection saw two builds"
    if not seen or seen[-1] != first:
        seen.append(first)
        print(len(first), flush=True)
    if ending:
        break
"""


def test_eight_readers_notice_nothing_but_the_new_build(stage: Stage, tmp_path: Path) -> None:
    home = Path(shutil.copytree(stage.home, tmp_path / "home", symlinks=True))
    stop = tmp_path / "stop"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(home / "current" / "warehouse.duckdb"), str(stop)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]
    try:
        # All have the first build, with its three departments, before the night begins.
        assert [reader.stdout.readline() for reader in readers if reader.stdout] == ["3\n"] * 8
        done = run_night(home, stage.documents, stage.project)
    finally:
        stop.touch()
    outcomes = [(reader.communicate(), reader.returncode) for reader in readers]
    assert done.returncode == 0, done.stderr
    # Each saw the second one with its four departments then, and no error.
    assert outcomes == [(("4\n", ""), 0)] * 8


def mounted(folder: Path, options: str) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0


def test_a_full_disk_stops_the_night_and_nothing_else(stage: Stage, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    size = sum(path.stat().st_size for path in stage.home.rglob("*") if path.is_file())
    # Too little for staging to grow, then too little for a build.
    rooms = [size + size // 5 + room for room in (200_000, 2_000_000)]
    if not mounted(disk, f"size={rooms[0]}"):
        pytest.skip("NOT TRIED: a small disk cannot be mounted here (it needs root)")
    try:
        home = Path(shutil.copytree(stage.home, disk / "home", symlinks=True))
        for room in rooms:
            subprocess.run(["mount", "-o", f"remount,size={room}", str(disk)], check=True)
            done = run_night(home, stage.documents, stage.project)
            assert done.returncode == 1, done.stdout
            assert "Traceback" not in done.stderr
            assert "No space left on device" in done.stderr
            assert figures(home / "current" / "warehouse.duckdb") == stage.before
            check_whole(home)
        subprocess.run(["mount", "-o", "remount,size=200M", str(disk)], check=True)
        assert run_night(home, stage.documents, stage.project).returncode == 0
        assert figures(home / "current" / "warehouse.duckdb") == stage.after
        assert content(home) == stage.content
        check_whole(home)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_folder_that_cannot_be_written_is_told_in_one_line(stage: Stage, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    if not mounted(disk, "size=100M"):
        pytest.skip("NOT TRIED: a read-only folder cannot be mounted here (it needs root)")
    try:
        home = Path(shutil.copytree(stage.home, disk / "home", symlinks=True))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        done = run_night(home, stage.documents, stage.project)
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert line.startswith("juesuan nightly: ") and "Read-only file system" in line
        assert figures(home / "current" / "warehouse.duckdb") == stage.before
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        assert run_night(home, stage.documents, stage.project).returncode == 0
        assert content(home) == stage.content
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_under_a_clock_that_jumps_back_the_marts_are_the_same(stage: Stage, tmp_path: Path) -> None:
    if shutil.which("faketime") is None:
        pytest.skip("NOT TRIED: the clock cannot be set back here (it needs faketime)")
    home = Path(shutil.copytree(stage.home, tmp_path / "home", symlinks=True))
    clock = {**environment(stage.project), "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    behind = ["faketime", "-f", "-400d", *command(home, stage.documents)]
    done = subprocess.run(behind, env=clock, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert figures(home / "current" / "warehouse.duckdb") == stage.after
    assert content(home) == stage.content
    check_whole(home)
    # The clock is right again: nothing is new, and ids have gone on.
    assert "nothing new" in run_night(home, stage.documents, stage.project).stdout
    published = Home(home).published_build()
    assert published == max(folder.name for folder in (home / "builds").iterdir())


def test_of_two_nights_that_start_at_once_one_publishes(stage: Stage, tmp_path: Path) -> None:
    home = Path(shutil.copytree(stage.home, tmp_path / "home", symlinks=True))
    nights = [
        subprocess.Popen(
            command(home, stage.documents),
            env=environment(stage.project),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    # Where one ended before the other looked, that one found nothing new.
    assert sorted(night.wait() for night in nights) in ([0, 1], [0, 0])
    assert figures(home / "current" / "warehouse.duckdb") == stage.after
    check_whole(home)
