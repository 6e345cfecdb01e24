"""A file that is as it was is not hashed again; one that may have changed always is."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

import ingest.seen
from ingest.files import SourceFile
from ingest.seen import MARGIN_NS, Identifier, SeenFile, remember, seen_files
from ingest.staging.load import open_staging


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "决算.txt"
    path.write_bytes(b"1234")
    return path


def seen(path: Path, hashed_ns: int) -> dict[str, SeenFile]:
    """As if the file had been hashed at a moment, and found to be something that no file can be."""
    status = path.stat()
    of = SeenFile(str(path), "as before", status.st_size, status.st_mtime_ns, status.st_ctime_ns, hashed_ns)
    return {str(path): of}


def latest(path: Path) -> int:
    return max(path.stat().st_mtime_ns, path.stat().st_ctime_ns)


def identified(path: Path, known: dict[str, SeenFile]) -> tuple[SourceFile, int]:
    identify = Identifier(known)
    return identify(path), len(identify.hashed)


def test_a_file_of_the_same_size_and_times_is_not_hashed(file: Path) -> None:
    assert identified(file, seen(file, latest(file) + MARGIN_NS + 1)) == (SourceFile(file, "as before", 4, file), 0)


def test_a_file_that_is_not_known_is_hashed_and_remembered(file: Path) -> None:
    identify = Identifier({})
    source = identify(file)
    assert source.document_id == hashlib.sha256(b"1234").hexdigest()
    (kept,) = identify.hashed
    assert (kept.file_path, kept.document_id, kept.byte_size) == (str(file), source.document_id, 4)


def test_a_file_that_changed_just_before_it_was_hashed_is_hashed_again(file: Path) -> None:
    # It may have changed once more within the same tick; so may one that comes from the future of a clock that was set back.
    assert identified(file, seen(file, latest(file) + MARGIN_NS))[1] == 1
    assert identified(file, seen(file, latest(file) - 3600 * 10**9))[1] == 1


def test_other_bytes_of_the_same_size_are_seen_even_with_the_old_time_of_modification(file: Path) -> None:
    known = seen(file, latest(file) + MARGIN_NS + 1)
    before = file.stat()
    file.write_bytes(b"4321")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    source, hashed = identified(file, known)
    assert (source.document_id, hashed) == (hashlib.sha256(b"4321").hexdigest(), 1)


def test_a_folder_in_the_place_of_a_file_is_refused_as_before(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="not a regular file"):
        Identifier({})(tmp_path)


def test_the_margin_is_longer_than_the_tick_of_any_file_system() -> None:
    assert ingest.seen.MARGIN_NS > 2 * 10**9


def test_what_was_hashed_is_remembered_by_staging_the_latest_only(tmp_path: Path) -> None:
    with open_staging(tmp_path / "staging.duckdb") as connection:
        first = SeenFile("/a.txt", "1", 4, 10, 11, 12)
        remember(connection, [first, SeenFile("/b.txt", "2", 5, 20, 21, 22)])
        remember(connection, [SeenFile("/b.txt", "3", 6, 30, 31, 32)])
        remember(connection, [])
        assert seen_files(connection) == {"/a.txt": first, "/b.txt": SeenFile("/b.txt", "3", 6, 30, 31, 32)}
