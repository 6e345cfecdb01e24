"""Archives: their members are read as files are, by the names that were meant; what is hostile is refused, the rest is read."""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from ingest.archives import BOUNDS, Bounds, Survey, Surveying, safe_name, take_out
from ingest.cli import main
from ingest.desk import Desk
from ingest.files import SourceFile
from ingest.parsed import Rejected
from ingest.run import IngestSummary, run_ingest
from ingest.staging.load import open_staging
from tests.python.parsers import parse
from tests.python.test_run import outcome, query
from tests.python.zips import RawName, listed_often, make_zip, quoted, raw_entry, unicode_name

Ingest = Callable[..., IngestSummary]
ZEROS = bytes(20 * 1024**2)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path / "scratch", tmp_path / "shelf")
    made.scratch.mkdir()
    made.shelf.mkdir()
    return made


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


def survey(path: Path, desk: Desk, bounds: Bounds = BOUNDS) -> Survey:
    found = Surveying(path, bounds)(desk)
    assert found is not None
    assert list(desk.scratch.iterdir()) == []
    return found


def names(found: Survey) -> list[str]:
    return sorted(member.name for member in found.members)


def refused(found: Survey) -> dict[str, tuple[str, str]]:
    return {item.name: (item.reason.code, item.reason.message) for item in found.refused}


# --- Names ---


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "gb18030"])
def test_names_are_read_in_the_code_page_in_which_they_were_written(tmp_path: Path, desk: Desk, encoding: str) -> None:
    entries = {raw_entry(f"目录/{n}年部门决算.txt".encode(encoding)): "x" for n in (2023, 2024)}
    found = survey(make_zip(tmp_path / "a.zip", entries), desk)
    assert names(found) == ["目录/2023年部门决算.txt", "目录/2024年部门决算.txt"]


def test_a_short_name_in_gbk_that_looks_like_utf_8_is_gbk(tmp_path: Path, desk: Desk) -> None:
    assert "目录".encode("gbk").decode("utf-8") == "Ŀ¼"
    assert names(survey(make_zip(tmp_path / "a.zip", {raw_entry("目录".encode("gbk")): "x"}), desk)) == ["目录"]


def test_a_name_beside_the_name_holds_for_the_name_that_it_was_written_for(tmp_path: Path, desk: Desk) -> None:
    entries: dict[str | RawName, str] = {
        raw_entry(b"a.txt~", unicode_name(b"a.txt~", "旧.txt")): "x",
        raw_entry("表".encode("gbk"), unicode_name("表".encode("gbk"), "决算表.txt")): "x",
        raw_entry("乙".encode("gbk"), unicode_name(b"other", "甲.txt")): "x",
    }
    assert names(survey(make_zip(tmp_path / "a.zip", entries), desk)) == ["a.txt~", "乙", "决算表.txt"]


def test_marked_names_zip64_backslashes_and_folders(tmp_path: Path, desk: Desk) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.mkdir("空文件夹")
        with archive.open("甲/表.txt", "w", force_zip64=True) as entry:
            entry.write(b"x")
        archive.writestr(raw_entry("乙\\.\\表.txt".encode("gbk")), "x")
        for litter in ("__MACOSX/甲/._表.txt", "甲/~$表.docx", "甲/Thumbs.db", ".DS_Store"):
            archive.writestr(litter, "x")
    assert names(survey(path, desk)) == ["乙/表.txt", "甲/表.txt"]


LEADS_OUT = ["../a.txt", "甲/../../a.txt", "/etc/passwd", "C:\\a.txt", "c:a.txt", "\\\\server\\a.txt", "..\\a.txt", "a.txt\0.pdf"]


@pytest.mark.parametrize("name", LEADS_OUT)
def test_a_name_that_leads_out_is_refused_and_the_rest_is_read(tmp_path: Path, desk: Desk, name: str) -> None:
    found = survey(make_zip(tmp_path / "a.zip", {raw_entry(name.encode()): "x", "甲.txt": "y"}), desk)
    assert names(found) == ["甲.txt"]
    assert list(refused(found).values()) == [("unsafe_container", "its name leads out of the archive")]


def test_links_and_devices_are_no_files(tmp_path: Path, desk: Desk) -> None:
    entries: dict[str | RawName, str] = {}
    for name, kind in (("link", stat.S_IFLNK), ("device", stat.S_IFBLK), ("pipe", stat.S_IFIFO), ("file", stat.S_IFREG)):
        info = raw_entry(name.encode())
        info.external_attr = (kind | 0o644) << 16
        entries[info] = "/etc/passwd"
    found = survey(make_zip(tmp_path / "a.zip", entries), desk)
    assert names(found) == ["file"]
    assert refused(found)["link"] == ("unsafe_container", "it is a symbolic link inside an archive")
    assert refused(found)["device"] == refused(found)["pipe"] == ("unsafe_container", "it is no regular file inside an archive")


def test_files_of_one_name_cannot_be_told_apart(tmp_path: Path, desk: Desk) -> None:
    entries: dict[str | RawName, str] = {raw_entry(b"a.txt"): "1", raw_entry(b"./a.txt"): "2", raw_entry(b"b.txt"): "3"}
    found = survey(make_zip(tmp_path / "a.zip", entries), desk)
    assert names(found) == ["b.txt"]
    assert refused(found) == {"a.txt": ("damaged", "the archive holds 2 files of this name")}


def test_a_name_without_end_is_cut_and_stays_its_own(tmp_path: Path, desk: Desk) -> None:
    entries: dict[str | RawName, str] = {raw_entry(b"x" * 60_000 + end): "1" for end in (b"1.txt", b"2.txt")}
    found = survey(make_zip(tmp_path / "a.zip", entries), desk)
    assert len(set(names(found))) == 2
    assert {len(name) for name in names(found)} == {BOUNDS.name_length}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("表.pdf", "表.pdf"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("a\x1b[31m\n\u202efdp.txt", "a_[31m__fdp.txt"),
        ("...", "_"),
        ("表" * 400 + ".pdf", "表" * 66 + ".pdf"),
    ],
)
def test_a_copy_gets_a_name_that_every_system_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert len(safe_name(name).encode()) < 255


# --- What is hostile or broken ---


def test_a_member_that_cannot_be_taken_out_is_refused_and_the_rest_is_read(tmp_path: Path, desk: Desk) -> None:
    path = make_zip(tmp_path / "a.zip", {"good.txt": "x", "locked.txt": "y", "odd.txt": "z" * 99, "bad.txt": os.urandom(99)})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        by_name = {info.filename: info for info in archive.filelist}
        by_name["locked.txt"].flag_bits |= 1
        by_name["odd.txt"].compress_type = 9
        by_name["bad.txt"].CRC ^= 1
        archive.writestr("bomb.txt", ZEROS)
    found = survey(path, desk)
    assert names(found) == ["good.txt"]
    assert {name: code for name, (code, _) in refused(found).items()} == {
        "locked.txt": "encrypted",
        "odd.txt": "unsupported_format",
        "bad.txt": "damaged",
        "bomb.txt": "unsafe_container",
    }
    assert "Deflate64" in refused(found)["odd.txt"][1]


def test_growth_is_refused_above_a_limit_that_a_document_does_not_reach(tmp_path: Path, desk: Desk) -> None:
    entries: dict[str | RawName, bytes] = {"below.txt": bytes(16 * 1024**2), "above.txt": bytes(16 * 1024**2 + 1)}
    found = survey(make_zip(tmp_path / "a.zip", entries), desk)
    assert names(found) == ["below.txt"]
    assert refused(found) == {"above.txt": ("unsafe_container", "it grows more than 300-fold when it is unpacked")}


@pytest.mark.parametrize("announced", [1, 10**9])
def test_what_comes_out_counts_and_not_what_is_announced(tmp_path: Path, desk: Desk, announced: int) -> None:
    found = survey(make_zip(tmp_path / "a.zip", {"a.txt": "x" * 1000}, file_size=announced), desk)
    assert found.members == ()
    assert refused(found)["a.txt"][0] == "damaged"


def test_limits_hold_just_inside_and_not_just_outside(tmp_path: Path, desk: Desk) -> None:
    entries: dict[str | RawName, bytes] = {f"{n}.txt": os.urandom(100) for n in range(10)}
    path = make_zip(tmp_path / "a.zip", entries)
    inside = replace(BOUNDS, members=10, member_bytes=100, total_bytes=1000)
    assert len(survey(path, desk, inside).members) == 10
    assert len(survey(path, desk, replace(inside, member_bytes=99)).refused) == 10
    for outside, reason in (
        (replace(inside, members=9), "it holds more than 9 files"),
        (replace(inside, total_bytes=999), "more than 999 bytes come out of it"),
    ):
        with pytest.raises(Rejected, match=reason) as caught:
            survey(path, desk, outside)
        assert caught.value.code == "too_large"


def test_archives_in_archives_are_read_to_a_depth_and_count_together(tmp_path: Path, desk: Desk) -> None:
    path = make_zip(tmp_path / "0.zip", {"表.txt": "0"})
    for n in range(1, 4):
        path = make_zip(tmp_path / f"{n}.zip", {"表.txt": str(n), f"{n - 1}.zip": path.read_bytes()})
    found = survey(path, desk)
    assert names(found) == ["2.zip!/1.zip!/表.txt", "2.zip!/表.txt", "表.txt"]
    assert refused(found) == {"2.zip!/1.zip!/0.zip": ("unsafe_container", "archives in archives, more than 3 deep")}
    assert len(survey(tmp_path / "2.zip", desk, replace(BOUNDS, members=5)).members) == 3
    with pytest.raises(Rejected, match="more than 4 files"):
        survey(tmp_path / "2.zip", desk, replace(BOUNDS, members=4))


def test_entries_that_share_bytes_are_refused(tmp_path: Path, desk: Desk) -> None:
    for path in (
        listed_often(tmp_path / "often.zip", 100, 1000),
        quoted(tmp_path / "quoted.zip", {"a.txt": b"1", "b.txt": b"2", "c.txt": b"3"}),
    ):
        with pytest.raises(Rejected, match="its entries overlap") as caught:
            survey(path, desk)
        assert caught.value.code == "unsafe_container"


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut.zip": (lambda content: content[:-30], "truncated"),
    "no table.zip": (lambda content: content[:40] + content[-22:], "damaged"),
    "part.zip": (lambda content: b"PK\x07\x08" + content, "unsupported_format"),
    "empty.zip": (lambda content: b"PK\x05\x06" + bytes(18), "empty_file"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_archive_that_cannot_be_opened_is_one_rejection(tmp_path: Path, desk: Desk, name: str) -> None:
    spoil, code = BROKEN[name]
    content = make_zip(tmp_path / "sound.zip", {"a.txt": "x" * 99}).read_bytes()
    (tmp_path / name).write_bytes(spoil(content))
    with pytest.raises(Rejected) as caught:
        survey(tmp_path / name, desk)
    assert caught.value.code == code


@pytest.mark.parametrize("mark", ["[Content_Types].xml", "mimetype", "OFD.xml"])
def test_a_document_that_is_a_zip_is_no_archive_whatever_it_is_called(tmp_path: Path, desk: Desk, mark: str) -> None:
    assert Surveying(make_zip(tmp_path / "表.zip", {mark: "x", "content.xml": "y"}))(desk) is None
    inner = {"表.docx": (tmp_path / "表.zip").read_bytes(), "表": (tmp_path / "表.zip").read_bytes()}
    assert names(survey(make_zip(tmp_path / "outer.zip", dict(inner)), desk)) == ["表", "表.docx"]


# --- One file out of an archive ---


def test_a_member_is_taken_out_under_a_name_of_ours_and_inner_archives_once(tmp_path: Path, desk: Desk) -> None:
    inner = make_zip(tmp_path / "inner.zip", {"甲:乙.txt": "1", "丙.txt": "2"})
    outer = make_zip(tmp_path / "outer.zip", {"x.txt": "0", "inner.zip": inner.read_bytes()})
    members = {member.name: member for member in survey(outer, desk).members}
    assert [members[name].entries for name in ("x.txt", "inner.zip!/甲:乙.txt", "inner.zip!/丙.txt")] == [(0,), (1, 0), (1, 1)]
    kept = []
    for name in ("inner.zip!/甲:乙.txt", "inner.zip!/丙.txt"):
        member = members[name]
        source = SourceFile(outer / name, member.document_id, member.byte_size, outer, member.entries)
        copy = take_out(source, desk)
        assert copy.parent.parent == desk.scratch
        assert ":" not in copy.name
        kept.append([(path.name, path.stat().st_mtime_ns) for path in desk.shelf.iterdir()])
        shutil.rmtree(desk.scratch / "member")
    assert kept[0] == kept[1]
    assert len(kept[0]) == 1


def test_a_member_that_changed_after_it_was_identified_is_refused(tmp_path: Path, desk: Desk) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.txt": "1"})
    source = SourceFile(path / "a.txt", "0" * 64, 1, path, (0,))
    with pytest.raises(Rejected) as caught:
        take_out(source, desk)
    assert caught.value.code == "changed_while_reading"


# --- Runs ---


def test_members_are_loaded_skipped_and_rejected_like_files(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    gbk = raw_entry("子目录/乙.txt".encode("gbk"))
    make_zip(
        folder / "外层.zip", {"甲.txt": "sound 1", gbk: "sound 2", "丙.txt": "refuse", "丁.pdf": "die", "../戊.txt": "sound"}
    )
    (folder / "己.txt").write_text("sound 2", encoding="utf-8")  # the bytes of a member
    expected = [("戊.txt", "unsafe_container"), ("丁.pdf", "worker_died"), ("丙.txt", "no_forms")]
    summary = ingest()
    assert (summary.seen, *outcome(summary)) == (6, 2, 1, expected)
    loaded = "select file_path, file_name from s.staging.document order by 1"
    assert query(tmp_path, loaded) == [
        (f"{folder}/外层.zip!/子目录/乙.txt", "乙.txt"),
        (f"{folder}/外层.zip!/甲.txt", "甲.txt"),
    ]
    assert [rejected.file_path for rejected in summary.rejected] == [
        f"{folder}/外层.zip!/{n}" for n in ("../戊.txt", "丁.pdf", "丙.txt")
    ]
    assert outcome(ingest()) == (0, 3, expected)


def test_an_archive_that_is_as_it_was_is_not_looked_into_again(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    path = make_zip(folder / "a.zip", {"1.txt": "sound 1", "2.txt": "refuse", "../3.txt": "sound"})
    expected = [("3.txt", "unsafe_container"), ("2.txt", "no_forms")]
    assert outcome(ingest()) == (1, 0, expected)
    assert outcome(ingest()) == (0, 1, expected)
    # As if it had been found to hold the first file alone.
    with open_staging(tmp_path / "staging.duckdb") as connection:
        (told,) = connection.execute("select survey from staging.seen_archive").fetchone() or ("",)
        survey = json.loads(told)
        survey["members"], survey["refused"] = [m for m in survey["members"] if m[0] == "1.txt"], []
        connection.execute("update staging.seen_archive set survey = ?", [json.dumps(survey)])
    assert outcome(ingest()) == (0, 1, [])
    # Other bytes are looked into.
    make_zip(path, {"1.txt": "sound 1", "4.txt": "sound 4"})
    assert outcome(ingest()) == (1, 1, [])
    with open_staging(tmp_path / "staging.duckdb") as connection:
        connection.execute("update staging.seen_archive set survey = '{}'")  # not to be read: as if it were not there
    assert outcome(ingest()) == (0, 2, [])


def test_staging_follows_a_file_out_of_an_archive_and_back(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    paths = "select file_path from s.staging.document order by 1"
    make_zip(folder / "a.zip", {"1.txt": "sound 1", "2.txt": "sound 2", "3.txt": "refuse"})
    assert outcome(ingest()) == (2, 0, [("3.txt", "no_forms")])
    # One is taken out, one is changed, the one that was refused is left out.
    make_zip(folder / "a.zip", {"2.txt": "sound 2 anew"})
    (folder / "1.txt").write_text("sound 1", encoding="utf-8")
    assert outcome(ingest()) == (1, 1, [])
    assert query(tmp_path, paths) == [(f"{folder}/1.txt",), (f"{folder}/a.zip!/2.txt",)]
    assert query(tmp_path, "select count(*) from s.staging.rejection") == [(0,)]
    # Back into another archive, whose path held a file before.
    (folder / "1.txt").rename(folder / "b.zip")
    assert outcome(ingest()) == (0, 2, [])
    make_zip(folder / "b.zip", {"1.txt": "sound 1"})
    assert outcome(ingest()) == (0, 2, [])
    assert query(tmp_path, paths) == [(f"{folder}/a.zip!/2.txt",), (f"{folder}/b.zip!/1.txt",)]
    # A member that is gone stays loaded, as a file does that is deleted.
    make_zip(folder / "b.zip", {"4.txt": "sound 4"})
    assert outcome(ingest()) == (1, 1, [])
    assert query(tmp_path, "select count(*) from s.staging.document") == [(3,)]
    # An archive that cannot be opened any more is one line, which goes when it is whole again.
    sound = (folder / "b.zip").read_bytes()
    (folder / "b.zip").write_bytes(sound[:-9])
    for _ in range(2):
        assert outcome(ingest()) == (0, 1, [("b.zip", "truncated")])
    (folder / "b.zip").write_bytes(sound)
    assert outcome(ingest()) == (0, 2, [])
    assert query(tmp_path, "select count(*) from s.staging.rejection") == [(0,)]


def test_a_rejected_file_that_is_gone_is_no_longer_listed(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    (folder / "below").mkdir()
    for name in ("a.txt", "below/b.txt"):
        (folder / name).write_text("refuse", encoding="utf-8")
    ingest()
    for name in ("a.txt", "below/b.txt"):
        (folder / name).unlink()
    left = "select file_name from s.staging.rejection order by 1"
    ingest(folder / "below")
    assert query(tmp_path, left) == [("a.txt",)]  # nobody asked about its folder
    ingest()
    assert query(tmp_path, left) == []


def test_names_in_another_code_page_on_disk_are_known_as_text(tmp_path: Path, folder: Path, ingest: Ingest) -> None:
    for name, content in (("表.txt".encode("gbk"), "sound 1"), (b"\xff\xff.txt", "refuse")):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(content, encoding="utf-8")
    make_zip(Path(os.fsdecode(os.fsencode(folder) + b"/" + "包.zip".encode("gbk"))), {"表.txt": "sound 2"})
    assert outcome(ingest()) == (2, 0, [("\ufffd\ufffd.txt", "no_forms")])
    assert query(tmp_path, "select file_path from s.staging.document order by 1") == [
        (f"{folder}/包.zip!/表.txt",),
        (f"{folder}/表.txt",),
    ]
    assert outcome(ingest()) == (0, 2, [("\ufffd\ufffd.txt", "no_forms")])


def test_nothing_is_left_of_what_was_taken_out(
    tmp_path: Path, folder: Path, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    make_zip(folder / "a.zip", {"1.txt": "sound 1", "2.txt": "die"})
    assert outcome(ingest()) == (1, 0, [("2.txt", "worker_died")])
    assert list(temporary.iterdir()) == []


def test_a_disclosure_in_an_archive_is_read_as_beside_it(tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    disclosure = root / "samples" / "disclosures" / "上海市普陀区财政局2024年度部门决算.pdf"
    path = tmp_path / "决算.zip"
    inner = make_zip(tmp_path / "inner.zip", {raw_entry(f"普陀/{disclosure.name}".encode("gbk")): disclosure.read_bytes()})
    make_zip(path, {"区级.zip": inner.read_bytes(), "说明.rar": b"Rar!\x1a\x07\x01\x00"})
    assert main(["--home", str(tmp_path / "home"), "ingest", str(path)]) == 3
    assert f"{path}!/说明.rar: it is a RAR archive; unpack it and ingest the folder, or pack the files anew as .zip" in (
        capsys.readouterr().out
    )
    with duckdb.connect(tmp_path / "home" / "staging.duckdb", read_only=True) as connection:
        found = connection.execute(
            "select file_path, file_name, byte_size, department_name, fiscal_year from staging.staging.document"
        ).fetchall()
        amounts = connection.execute("select count(*) from staging.staging.amount").fetchone()
        witness = connection.execute("select text from staging.staging.witness where source = 'file_name' limit 1").fetchone()
    assert found == [
        (f"{path}!/区级.zip!/普陀/{disclosure.name}", disclosure.name, disclosure.stat().st_size, "上海市普陀区财政局", 2024)
    ]
    assert amounts is not None
    assert amounts[0] > 100
    assert witness is not None
    assert "上海市普陀区财政局2024年度部门决算" in str(witness[0])
