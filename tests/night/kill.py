"""Kill nights at random moments: ``python -m tests.night.kill --count 100``.

Each round starts from a published warehouse, lets the documents change, starts a night and ends it with SIGKILL: half of the
time the command alone, so that what it started is left behind, half of the time with all its children. Then what is published
must be one whole build, the next night must finish by itself, and its marts must equal those of a night that was left alone.

Moments are drawn by thirds over ingest, over the build, and over what follows from the first Parquet file to the last word: drawn
over the whole night, hardly any would fall into the seconds in which something is published.
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
from collections.abc import Iterator
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

PARQUET = "builds/*/marts/*.parquet"
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
    ingested: Path  # the same after the documents of the second were ingested
    documents: Path
    project: Path
    before: list[Figure]
    after: list[Figure]
    content: dict[str, str]
    seconds: float
    seconds_to_ingest: float
    seconds_to_publish: float  # from the first Parquet file on


@dataclass(frozen=True, slots=True)
class Aim:
    """When to kill: ``moment`` seconds after the start or, with ``exporting``, after the first Parquet file of the new build."""

    moment: float
    is_ingested: bool  # before the night begins
    exporting: bool
    with_children: bool


@dataclass(frozen=True, slots=True)
class Round:
    aim: Aim
    doing: str  # the last thing that the killed night had done
    published: str  # before | after


def set_up(folder: Path, project: Path | None = None) -> Stage:
    documents, home = folder / "documents", folder / "template"
    project = project or make_project(folder / "project", dim_document_path=SEEN)
    assert run_night(home, write_first(documents), project).returncode == 0
    before = figures(home / "current" / "warehouse.duckdb")
    write_second(documents)
    alone, ingested = folder / "alone", folder / "ingested"
    shutil.copytree(home, alone, symlinks=True)
    began = time.monotonic()
    assert run_night(alone, documents, project).returncode == 0
    seconds = time.monotonic() - began
    shutil.copytree(home, ingested, symlinks=True)
    shutil.copy(alone / "staging.duckdb", ingested)
    phases: dict[str, float] = json.loads((alone / "current" / "build.json").read_text(encoding="utf-8"))["phases"]
    publishing = phases["export"] + phases["diff"] + 1.0
    after = figures(alone / "current" / "warehouse.duckdb")
    assert before != after
    seconds_to_ingest = max(1.0, seconds - phases["dbt"] - publishing)
    return Stage(
        folder, home, ingested, documents, project, before, after, content(alone), seconds, seconds_to_ingest, publishing
    )


def aims(stage: Stage, chance: random.Random, count: int) -> Iterator[Aim]:
    """Moments over ingest, build and publication in turn. A night that is busy elsewhere takes longer now and then."""
    lengths = (stage.seconds_to_ingest, stage.seconds - stage.seconds_to_ingest, stage.seconds_to_publish)
    for number in range(count):
        third = number % 3
        moment = chance.uniform(0.0, 1.1 * lengths[third])
        yield Aim(moment, is_ingested=third > 0, exporting=third == 2, with_children=chance.random() < 0.5)


def kill_once(stage: Stage, aim: Aim) -> Round:
    """One round. Raises :class:`AssertionError` for whatever must not happen."""
    home = stage.folder / "round"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(stage.ingested if aim.is_ingested else stage.home, home, symlinks=True)
    told, exported = len(_log(home)), len(list(home.glob(PARQUET)))
    with subprocess.Popen(
        command(home, stage.documents),
        env=environment(stage.project),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as night:
        while aim.exporting and night.poll() is None and not list(home.glob(PARQUET))[exported:]:
            time.sleep(0.005)
        try:
            night.wait(aim.moment)
        except subprocess.TimeoutExpired:
            if aim.with_children:
                os.killpg(night.pid, signal.SIGKILL)
            else:
                night.kill()
    doing = last_event(home, told)
    found = figures(home / "current" / "warehouse.duckdb")
    assert found in (stage.before, stage.after), "what is published is no whole build"
    check_whole(home)

    again = run_night(home, stage.documents, stage.project)
    assert again.returncode == 0, again.stderr
    assert figures(home / "current" / "warehouse.duckdb") == stage.after
    assert content(home) == stage.content, "the marts differ from those of a night that was never killed"
    check_whole(home)
    assert not list(home.glob(".current-*"))
    return Round(aim, doing, "before" if found == stage.before else "after")


def _log(home: Path) -> list[str]:
    return (home / "logs" / "nightly.jsonl").read_text(encoding="utf-8").splitlines()


def last_event(home: Path, told: int) -> str:
    """What the killed night had written last to its log of ``told`` lines, and the newest thing in the folder of its build."""
    lines = _log(home)[told:]
    if not lines:
        return "nothing"
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
        for number, aim in enumerate(aims(stage, chance, asked.count), start=1):
            done = kill_once(stage, aim)
            rounds.append(done)
            print(
                f"{number}/{asked.count}: {aim.moment:6.2f} s {'into the export' if aim.exporting else 'into the night'}, "
                f"{'all' if aim.with_children else 'one'} killed, "
                f"after {done.doing!r}; published was the build {done.published}; the next night made it good",
                flush=True,
            )
    for doing, times in sorted(Counter(done.doing for done in rounds).items()):
        print(f"  killed after {doing!r}: {times}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
