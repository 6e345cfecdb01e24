"""Zip containers: what is refused before anything is unpacked, each limit just inside and just outside."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.parsed import Rejected
from ingest.readers.container import Limits, open_container, parse_xml

LIMITS = Limits(entries=3, total=10_000, ratio=10, small=1000)


def zipped(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def code_of(path: Path, limits: Limits = LIMITS) -> str:
    with pytest.raises(Rejected) as refusal, open_container(path, limits):
        pass
    return refusal.value.code


def incompressible(size: int) -> bytes:
    import random

    return random.Random(1).randbytes(size)


def test_what_is_sound_is_opened(tmp_path: Path) -> None:
    with open_container(zipped(tmp_path / "a", one=b"1", two=b"22"), LIMITS) as container:
        assert ("one" in container, "three" in container, container.read("two")) == (True, False, b"22")
        with pytest.raises(Rejected, match="holds no three"):
            container.read("three")


def test_entries_are_counted(tmp_path: Path) -> None:
    with open_container(zipped(tmp_path / "a", a=b"", b=b"", c=b""), LIMITS):
        pass
    assert code_of(zipped(tmp_path / "b", a=b"", b=b"", c=b"", d=b"")) == "too_large"


def test_the_unpacked_size_is_limited_over_all_entries(tmp_path: Path) -> None:
    with open_container(zipped(tmp_path / "a", a=incompressible(5000), b=incompressible(5000)), LIMITS):
        pass
    assert code_of(zipped(tmp_path / "b", a=incompressible(5000), b=incompressible(5001))) == "too_large"


def test_what_grows_too_much_is_no_document(tmp_path: Path) -> None:
    with open_container(zipped(tmp_path / "a", a=bytes(1000)), LIMITS):
        pass  # a small entry may shrink as it likes
    assert code_of(zipped(tmp_path / "b", a=bytes(1001))) == "unsafe_container"


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "C:\\a", "\\\\host\\a", "a\\..\\b"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    assert code_of(zipped(tmp_path / "a", **{name: b""})) == "unsafe_container"


def test_names_with_dots_are_names(tmp_path: Path) -> None:
    with open_container(zipped(tmp_path / "a", **{"a..b/c.xml": b"", "...": b"", ".x": b""}), LIMITS):
        pass


def test_two_entries_of_one_name_are_damage(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"2")
    assert code_of(path) == "damaged"


def test_an_encrypted_entry_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a", a=b"1")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert code_of(path) == "encrypted"


def test_a_container_without_its_end_is_truncated_and_one_with_a_wrong_sum_damaged(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a", a=incompressible(3000))
    content = path.read_bytes()
    path.write_bytes(content[:-60])
    assert code_of(path) == "truncated"
    path.write_bytes(content[:1000] + b"\x00" + content[1001:])
    with open_container(path, LIMITS) as container, pytest.raises(Rejected) as refusal:
        container.read("a")
    assert refusal.value.code == "damaged"


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"),
        b"<!-- " + bytes(70_000).replace(b"\0", b"x") + b" --><!DOCTYPE a><a/>",
    ],
)
def test_document_types_are_refused(xml: bytes) -> None:
    with pytest.raises(Rejected) as refusal:
        parse_xml(xml, "a.xml")
    assert refusal.value.code == "unsafe_container"


def test_comments_in_xml_are_left_out() -> None:
    assert parse_xml("<a>收入<!-- x -->支出</a>".encode(), "a.xml").text == "收入支出"
