"""The builds of a home: published, rolled back, kept and removed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from ingest.publish.inputs import Inputs
from ingest.publish.record import BuildRecord, mark_whole, write_record
from ingest.publish.shelf import (
    NoSuchBuild,
    clear_leftovers,
    find_build,
    finished_but_unpublished,
    held_back,
    list_builds,
    new_build_id,
    prune,
    publications,
    publish,
    roll_back,
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def make_build(home: Home, build_id: str, *, whole: bool = True, inputs: str = "", previous: str | None = None) -> str:
    """A build whose warehouse says its id."""
    folder = home.builds / build_id
    folder.mkdir(parents=True)
    with duckdb.connect(folder / "warehouse.duckdb") as connection:
        connection.execute(f"create schema marts; create table marts.dim_document as select '{build_id}' as document_id")
    record = BuildRecord(
        build_id, "passed", (), (), "2026-01-01T00:00:00+00:00", 1.0, Inputs(1, 1, 1, 0), {}, {}, {}, {},
        fingerprint=inputs or build_id, previous=previous,
    )  # fmt: skip
    write_record(folder, record)
    if whole:
        mark_whole(folder, record)
    return build_id


def names(home: Home) -> list[str]:
    return [folder.name for folder in list_builds(home)]


def day(month: int, day_of: int) -> str:
    return f"2026{month:02}{day_of:02}T023000Z-aaaa"


def test_a_reader_keeps_the_build_it_opened_while_the_next_one_is_published(home: Home) -> None:
    publish(home, make_build(home, "1"))
    with duckdb.connect(home.warehouse, read_only=True) as reader:
        publish(home, make_build(home, "2"))
        prune(home, keep=1, months=1)
        assert reader.execute("from marts.dim_document").fetchone() == ("1",)
        # A new connection sees the new build, even in the same process and while the old one is open.
        with duckdb.connect(home.warehouse, read_only=True) as late:
            assert late.execute("from marts.dim_document").fetchone() == ("2",)
    assert names(home) == ["2"]


def test_the_newest_builds_one_a_month_and_the_published_one_are_kept(home: Home) -> None:
    for build_id in (day(1, 3), day(1, 30), day(2, 1), day(2, 27), day(3, 1), day(3, 2), day(3, 3)):
        make_build(home, build_id)
    publish(home, day(2, 1))
    prune(home, keep=2, months=3)
    # The two newest, the last of January and of February, and the published one.
    assert names(home) == [day(3, 3), day(3, 2), day(2, 27), day(2, 1), day(1, 30)]
    prune(home, keep=1, months=2)
    assert names(home) == [day(3, 3), day(2, 27), day(2, 1)]


def test_what_is_kept_for_its_month_is_kept_without_its_pages(home: Home) -> None:
    for build_id in (day(1, 30), day(2, 27), day(3, 1), day(3, 2)):
        make_build(home, build_id)
        (home.builds / build_id / "site").mkdir()
    publish(home, day(2, 27))
    prune(home, keep=1, months=3)
    kept = {folder.name: (folder / "site").is_dir() for folder in home.builds.iterdir()}
    assert kept == {day(3, 2): True, day(2, 27): True, day(1, 30): False}


def test_of_builds_that_failed_the_newest_three_are_kept(home: Home) -> None:
    for number in range(1, 6):
        make_build(home, day(1, number), whole=False)
    make_build(home, day(1, 9))
    prune(home, keep=1, months=1)
    assert names(home) == [day(1, 9), day(1, 5), day(1, 4), day(1, 3)]


def test_ids_go_on_from_the_last_one_under_a_clock_that_was_set_back(home: Home) -> None:
    make_build(home, "20300101T000000Z-ffff")
    assert new_build_id(home, datetime(2026, 1, 1, tzinfo=UTC)).startswith("20300101T000001Z-")
    assert new_build_id(home, datetime(2031, 1, 1, tzinfo=UTC)).startswith("20310101T000000Z-")


def test_rollback_goes_to_the_build_published_before_and_further_back(home: Home) -> None:
    for build_id in (day(1, 1), day(1, 2), day(1, 3)):
        publish(home, make_build(home, build_id))
    make_build(home, day(1, 4))  # never published
    assert roll_back(home, "previous", "figures of 水务局 are wrong").build_id == day(1, 2)
    assert home.published_build() == day(1, 2)
    assert roll_back(home, "previous", None).build_id == day(1, 1)
    with pytest.raises(NoSuchBuild, match="there is no earlier build to go back to"):
        roll_back(home, "previous", None)
    assert roll_back(home, day(1, 3), None).before == day(1, 1)
    told = [(p.event, p.build_id, p.reason) for p in publications(home)]
    assert told[3] == ("rolled_back", day(1, 2), "figures of 水务局 are wrong")


def test_rollback_passes_over_what_was_rolled_back(home: Home) -> None:
    for number in (1, 2):
        publish(home, make_build(home, day(1, number)))
    roll_back(home, "previous", "figures of 水务局 are wrong")
    publish(home, make_build(home, day(1, 3)))
    assert roll_back(home, "previous", None).build_id == day(1, 1)


def test_a_build_that_was_not_finished_is_none_to_go_back_to(home: Home) -> None:
    make_build(home, day(1, 1), whole=False)
    publish(home, make_build(home, day(1, 2)))
    with pytest.raises(NoSuchBuild, match=r"is no build of .* that was finished"):
        roll_back(home, day(1, 1), None)


def test_a_build_that_was_rolled_back_is_held_back_until_something_changes(home: Home) -> None:
    publish(home, make_build(home, day(1, 1), inputs="old"))
    publish(home, make_build(home, day(1, 2), inputs="new"))
    assert held_back(home, "new") is None
    roll_back(home, "previous", None)
    hold = held_back(home, "new")
    assert hold is not None and hold.before == day(1, 2)
    assert held_back(home, "newer") is None


def test_a_build_that_was_finished_but_not_published_is_found(home: Home) -> None:
    publish(home, make_build(home, day(1, 1)))
    make_build(home, day(1, 2), whole=False, inputs="new", previous=day(1, 1))
    assert finished_but_unpublished(home, "new") is None
    make_build(home, day(1, 3), inputs="new", previous=day(1, 1))
    assert finished_but_unpublished(home, "new") == home.builds / day(1, 3)
    assert finished_but_unpublished(home, "newer") is None
    publish(home, day(1, 3))
    roll_back(home, "previous", None)
    assert finished_but_unpublished(home, "new") is None


def test_a_build_whose_record_cannot_be_read_is_not_taken_up(home: Home) -> None:
    publish(home, make_build(home, day(1, 1)))
    folder = home.builds / make_build(home, day(1, 2), inputs="new", previous=day(1, 1))
    (folder / "build.json").write_text("{}", encoding="utf-8")
    assert finished_but_unpublished(home, "new") is None


def test_what_a_killed_run_left_is_cleared_and_its_publication_noted(home: Home) -> None:
    publish(home, make_build(home, "1"))
    make_build(home, "2")
    (home.path / ".current-2").symlink_to(Path("builds") / "2")
    (home.builds / ".going-0" / "logs").mkdir(parents=True)
    clear_leftovers(home)
    assert sorted(path.name for path in home.path.iterdir()) == ["builds", "current", "publications.jsonl"]
    assert names(home) == ["2", "1"]
    # Killed after the link was replaced, in the middle of the note.
    home.current.unlink()
    home.current.symlink_to(Path("builds") / "2")
    with (home.path / "publications.jsonl").open("a") as stream:
        stream.write('{"at": "2026-01-0')
    clear_leftovers(home)
    assert [(p.event, p.build_id, p.before) for p in publications(home)] == [("published", "1", None), ("found", "2", "1")]


def test_of_a_build_that_was_interrupted_only_what_explains_it_is_kept(home: Home) -> None:
    publish(home, make_build(home, "1"))
    make_build(home, "2", whole=False)
    (home.builds / "2" / "build.json").unlink()
    (home.builds / "2" / "logs").mkdir()
    make_build(home, "3", whole=False)
    clear_leftovers(home)
    assert [path.name for path in (home.builds / "2").iterdir()] == ["logs"]
    # One that failed has its record, and its tables to look into.
    assert (home.builds / "3" / "warehouse.duckdb").is_file()


def test_a_build_is_named_by_the_beginning_of_its_id(home: Home) -> None:
    publish(home, make_build(home, "20260101T000000Z-aaaa"))
    publish(home, make_build(home, "20260102T000000Z-bbbb"))
    assert find_build(home, "20260101").name == "20260101T000000Z-aaaa"
    assert find_build(home, "current").name == "20260102T000000Z-bbbb"
    assert find_build(home, "previous").name == "20260101T000000Z-aaaa"
    assert find_build(home, str(home.builds / "20260101T000000Z-aaaa")).name == "20260101T000000Z-aaaa"
    with pytest.raises(NoSuchBuild, match="2 builds begin with '202601'"):
        find_build(home, "202601")
    with pytest.raises(NoSuchBuild, match=r"no build '2025'.*the last ones are: 20260102T000000Z-bbbb"):
        find_build(home, "2025")


def test_the_marker_names_the_build(home: Home) -> None:
    make_build(home, "1")
    assert json.loads((home.builds / "1" / "SUCCESS").read_text())["build_id"] == "1"
