"""The builds of a home: which there are, which one is published, which were, and which may go.

``current`` is a link and publication is its replacement, which the system does at once or not at all. What was published when
stands in ``publications.jsonl``, one line each; a line that a crash cut short is passed over.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.home import SITE_FOLDER, WAREHOUSE_FILE, Home
from ingest.publish.record import MARKER_FILE, RECORD_FILE, RecordUnreadable, is_whole, read_record, sync

KEEP_BUILDS = 7
KEEP_MONTHS = 12
KEEP_FAILED = 3
STAMP = "%Y%m%dT%H%M%SZ"
ROLLED_BACK = "rolled_back"


class NoSuchBuild(Exception):
    """No build, or more than one, is meant by what was given."""


@dataclass(frozen=True, slots=True)
class Publication:
    """``event`` is ``published``, ``rolled_back``, or ``found`` where ``current`` was changed behind our back."""

    at: str
    event: str
    build_id: str
    before: str | None
    reason: str | None = None


def new_build_id(home: Home, now: datetime) -> str:
    """An id that sorts after all others, even when the clock was set back."""
    last = next((stamp for folder in list_builds(home) if (stamp := stamp_of(folder.name)) is not None), None)
    moment = now if last is None else max(now, last + timedelta(seconds=1))
    return f"{moment:{STAMP}}-{secrets.token_hex(2)}"


def stamp_of(build_id: str) -> datetime | None:
    try:
        return datetime.strptime(build_id.partition("-")[0], STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def list_builds(home: Home) -> list[Path]:
    """The folders of all builds, newest first."""
    if not home.builds.is_dir():
        return []
    return sorted((f for f in home.builds.iterdir() if f.is_dir() and not f.name.startswith(".")), reverse=True)


def whole_builds(home: Home) -> list[Path]:
    """Those that may be published, newest first."""
    return [folder for folder in list_builds(home) if is_whole(folder)]


def publish(home: Home, build_id: str, *, event: str = "published", reason: str | None = None) -> None:
    """Point ``current`` at a build. A reader that has the old one open keeps it until it closes."""
    if home.current.exists() and not home.current.is_symlink():
        raise FileExistsError(f"{home.current} is not a link; move it away and build again")
    before = home.published_build()
    temporary = home.path / f".current-{build_id}"
    temporary.unlink(missing_ok=True)
    # Relative, so that a home can be moved or mounted elsewhere.
    temporary.symlink_to(Path(home.builds.name) / build_id, target_is_directory=True)
    temporary.replace(home.current)
    sync(home.path)
    # It is published, whatever becomes of the note: the next run adds one that is missing.
    with suppress(OSError):
        _note(home, Publication(_now(), event, build_id, before, reason))


def clear_leftovers(home: Home) -> None:
    """Take away what a run that was killed left between two steps, and note a publication that it could not note."""
    for link in home.path.glob(".current-*"):
        link.unlink(missing_ok=True)
    for folder in home.builds.glob(".going-*"):
        shutil.rmtree(folder, ignore_errors=True)
    published = home.published_build()
    for folder in list_builds(home):
        # What was never recorded can be neither opened nor published: its log may explain a night, its tables only fill the disk.
        if folder.name != published and not is_whole(folder) and not (folder / RECORD_FILE).is_file():
            for table in folder.glob(f"{WAREHOUSE_FILE}*"):
                table.unlink()
    told = next(iter(reversed(list(publications(home)))), None)
    if published is not None and (told is None or told.build_id != published):
        _note(home, Publication(_now(), "found", published, told.build_id if told else None))


def publications(home: Home) -> Iterator[Publication]:
    """What was published, oldest first."""
    try:
        text = _journal(home).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        try:
            yield Publication(**json.loads(line))
        except (ValueError, TypeError):
            continue


def find_build(home: Home, named: str) -> Path:
    """The build that is meant: its id or the beginning of it, ``current``, ``previous``, or a folder."""
    if named == "current":
        published = home.published_build()
        if published is None:
            raise NoSuchBuild(f"nothing is published in {home.path}")
        return home.builds / published
    if named == "previous":
        return previous_build(home)
    matches = [folder for folder in list_builds(home) if folder.name.startswith(named)] if named else []
    if len(matches) == 1 or (matches and matches[-1].name == named):
        return matches[-1]
    if matches:
        raise NoSuchBuild(f"{len(matches)} builds begin with {named!r}: {', '.join(f.name for f in matches[:5])}")
    folder = Path(named)
    if (folder / WAREHOUSE_FILE).is_file():
        return folder
    if folder.is_file():
        return folder.parent
    known = ", ".join(f.name for f in list_builds(home)[:5]) or "none"
    raise NoSuchBuild(f"no build {named!r} in {home.path}; the last ones are: {known}")


def previous_build(home: Home) -> Path:
    """The build in whose place the published one came; where that is gone, the newest one before it that was published.

    One that was rolled back is nothing to go back to. Raises :class:`NoSuchBuild`.
    """
    published = home.published_build()
    if published is None:
        raise NoSuchBuild(f"nothing is published in {home.path}")
    told = list(publications(home))
    came = next((p for p in reversed(told) if p.build_id == published and p.event != ROLLED_BACK), None)
    if came is not None and came.before is not None and came.before != published and is_whole(home.builds / came.before):
        return home.builds / came.before
    once = {p.build_id for p in told} | {p.before for p in told}
    for folder in whole_builds(home):
        if folder.name < published and folder.name in once:
            return folder
    raise NoSuchBuild(f"there is no earlier build to go back to: {published} is the first that is kept")


def roll_back(home: Home, named: str, reason: str | None) -> Publication:
    """Publish an earlier build again. Raises :class:`NoSuchBuild` where there is none that is whole."""
    clear_leftovers(home)
    folder = find_build(home, named)
    before = home.published_build()
    if folder.parent != home.builds or not is_whole(folder):
        raise NoSuchBuild(f"{folder.name} is no build of {home.path} that was finished")
    if folder.name == before:
        raise NoSuchBuild(f"{folder.name} is what is published")
    publish(home, folder.name, event=ROLLED_BACK, reason=reason)
    return Publication(_now(), ROLLED_BACK, folder.name, before, reason)


def held_back(home: Home, fingerprint: str) -> Publication | None:
    """The rollback that keeps a build of these inputs from being published again by itself."""
    last = next((p for p in reversed(list(publications(home))) if p.event != "found"), None)
    if last is None or last.event != ROLLED_BACK or last.before is None or home.published_build() != last.build_id:
        return None
    return last if _fingerprint(home.builds / last.before) == fingerprint else None


def _fingerprint(folder: Path) -> str | None:
    try:
        record = read_record(folder)
    except RecordUnreadable:
        return None
    return record.fingerprint if record else None


def finished_but_unpublished(home: Home, fingerprint: str) -> Path | None:
    """A whole build of these inputs that a run made and was killed before it could publish."""
    published = home.published_build()
    once = {p.build_id for p in publications(home)}
    for folder in whole_builds(home):
        if folder.name in once or (published is not None and folder.name < published):
            continue
        try:
            record = read_record(folder)
        except RecordUnreadable:
            continue
        if record is not None and record.fingerprint == fingerprint and record.previous == published:
            return folder
    return None


def prune(home: Home, keep: int = KEEP_BUILDS, months: int = KEEP_MONTHS) -> list[str]:
    """Remove old builds; return the ids of those removed.

    Kept are the published one, the newest ``keep`` whole ones, the last whole one of each of the newest ``months`` months, and
    of those that failed the newest few, for their logs. One that is kept for its month alone is kept for its data: its report
    site, many times as large, can be made again.
    """
    whole = whole_builds(home)
    kept = {home.published_build(), *(folder.name for folder in whole[:keep])}
    with_site = set(kept)
    by_month: dict[str, str] = {}
    for folder in whole:
        by_month.setdefault(folder.name[:6], folder.name)
    kept |= set(list(by_month.values())[:months])
    kept |= {folder.name for folder in [f for f in list_builds(home) if not is_whole(f)][:KEEP_FAILED]}
    gone = [folder for folder in list_builds(home) if folder.name not in kept]
    for folder in gone:
        _remove(folder)
    for folder in whole:
        if folder.name in kept - with_site:
            shutil.rmtree(folder / SITE_FOLDER, ignore_errors=True)
    return [folder.name for folder in gone]


def _remove(folder: Path) -> None:
    # A build that is half removed must not be taken for one: first it is none any more, then its files go.
    (folder / MARKER_FILE).unlink(missing_ok=True)
    going = folder.with_name(f".going-{folder.name}")
    folder.rename(going)
    shutil.rmtree(going)


def _journal(home: Home) -> Path:
    return home.path / "publications.jsonl"


def _note(home: Home, publication: Publication) -> None:
    path = _journal(home)
    with path.open("ab+") as stream:
        if stream.tell() > 0:
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":  # a line that was cut short must not swallow ours
                stream.write(b"\n")
        stream.write(json.dumps(asdict(publication), ensure_ascii=False).encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
