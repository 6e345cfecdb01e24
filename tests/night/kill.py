"""Kill nights at random moments: ``python -m tests.night.kill --count 100``.

Each round starts from a published warehouse, lets the documents change, starts a night and ends it with SIGKILL: half of the
time the command alone, so that what it started is left behind, half of the time with all its children. Then what is published
must be one whole build, the next night must finish by itself, and its marts must equal those of a night that was left alone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.night.nights import (
    Figure,
    check_whole,
    command,
    content,
    environment,
    figures,
    run_night,
    write_first,
    write_second,
)
from tests.python.small_project import make_project

# In which night each file was seen first: a night that is killed between two files must not make one of them the later one.
SEEN = """
    select p.file_path, document_id, dense_rank() over (order by first_seen_at) as seen_in_night, gone_at is null as is_there
    from juesuan_staging.staging.document_path as p
    inner join juesuan_staging.staging.document using (document_id)
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """A published first night, the documents of the second, and what an undisturbed second night makes of them."""

    folder: Path
    home: Path
    documents: Path
    project: Path
    before: list[Figure]
    after: list[Figure]
    content: dict[str, str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Round:
    moment: float  # seconds after the start
    with_children: bool
    doing: str  # the last thing that the killed night had done
    published: str  # before | after


def set_up(folder: Path, project: Path | None = None) -> Stage:
    documents, home = folder / "documents", folder / "template"
    project = project or make_project(folder / "project", dim_document_path=SEEN)
    assert run_night(home, write_first(documents), project).returncode == 0
    before = figures(home / "current" / "warehouse.duckdb")
    write_second(documents)
    alone = folder / "alone"
    shutil.copytree(home, alone, symlinks=True)
    began = time.monotonic()
    assert run_night(alone, documents, project).returncode == 0
    seconds = time.monotonic() - began
    after = figures(alone / "current" / "warehouse.duckdb")
    assert before != after
    return Stage(folder, home, documents, project, before, after, content(alone), seconds)


def kill_once(stage: Stage, moment: float, *, with_children: bool) -> Round:
    """One round. Raises :class:`AssertionError` for whatever must not happen."""
    home = stage.folder / "round"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(stage.home, home, symlinks=True)
    with subprocess.Popen(
        command(home, stage.documents),
        env=environment(stage.project),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as night:
        try:
            night.wait(moment)
        except subprocess.TimeoutExpired:
            if with_children:
                os.killpg(night.pid, signal.SIGKILL)
            else:
                night.kill()
    doing = last_event(home)
    found = figures(home / "current" / "warehouse.duckdb")
    assert found in (stage.before, stage.after), "what is published is no whole build"
    check_whole(home)

    again = run_night(home, stage.documents, stage.project)
    assert again.returncode == 0, again.stderr
    assert figures(home / "current" / "warehouse.duckdb") == stage.after
    assert content(home) == stage.content, "the marts differ from those of a night that was never killed"
    check_whole(home)
    assert not list(home.glob(".current-*"))
    return Round(moment, with_children, doing, "before" if found == stage.before else "after")


def last_event(home: Path) -> str:
    """What the killed night had last written to its log, and the newest thing in the folder of its build."""
    lines = (home / "logs" / "nightly.jsonl").read_text(encoding="utf-8").splitlines()
    event = str(json.loads(lines[-1])["event"])
    builds = sorted((home / "builds").iterdir())
    if event != "ingested" or len(builds) < 2:
        return event
    there = {path.name for path in builds[-1].iterdir()}
    steps = ("SUCCESS", "build.json", "diff.json", "datapackage.json", "marts", "warehouse.duckdb")
    return next((f"building: {step}" for step in steps if step in there), "building: dbt starts")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split(":", maxsplit=1)[0])
    parser.add_argument("--count", type=int, default=100, help="moments (default: 100)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default: 1)")
    parser.add_argument("--project", type=Path, help="a dbt project (default: a small one that builds in seconds)")
    asked = parser.parse_args(arguments)
    chance = random.Random(asked.seed)
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory() as folder:
        stage = set_up(Path(folder), asked.project)
        print(f"a night left alone takes {stage.seconds:.1f} s", flush=True)
        for number in range(1, asked.count + 1):
            # A night that is busy elsewhere takes longer now and then: the end must be hit as well.
            moment = chance.uniform(0.0, 1.1 * stage.seconds)
            done = kill_once(stage, moment, with_children=number % 2 == 0)
            rounds.append(done)
            print(
                f"{number}/{asked.count}: {done.moment:6.2f} s, {'all' if done.with_children else 'one'} killed, "
                f"after {done.doing!r}; published was the build {done.published}; the next night made it good",
                flush=True,
            )
    for doing, times in sorted(Counter(done.doing for done in rounds).items()):
        print(f"  killed after {doing!r}: {times}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
