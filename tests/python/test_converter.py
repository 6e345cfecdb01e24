"""Files that LibreOffice converts: found or not, within its limits, without reaching for anything, gone when it is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import xlrd.compdoc

from ingest.files import identify
from ingest.limits import DEFAULT_LIMITS
from ingest.parse import parse_file
from ingest.parsed import ParsedDocument, Rejected
from ingest.pool import Pool
from ingest.readers import office_keeper, read_document
from ingest.readers.converter import converted, find_program
from ingest.worker import Reading
from tests.python import small_disclosure as small
from tests.python.conftest import ROOT
from tests.python.office import office_file
from tests.python.processes import is_running

needs_office = pytest.mark.skipif(find_program() is None, reason="NO LIBREOFFICE: conversion was not tried")
READ = "import sys, pathlib; from ingest.readers import read_document; read_document(pathlib.Path(sys.argv[1]))"
RTF = rb"{\rtf1\ansi hello\par}"


@pytest.fixture(scope="module")
def old_word(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small disclosure as a Word 97 file."""
    return office_file(small.word(tmp_path_factory.mktemp("doc") / "a.docx"), "doc")


def rejection(path: Path) -> Rejected:
    with pytest.raises(Rejected) as rejected:
        read_document(path)
    return rejected.value


def test_without_libreoffice_the_advice_is_to_install_it_or_to_save_the_file_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUESUAN_SOFFICE", str(tmp_path / "nowhere"))
    path = tmp_path / "部门决算.rtf"
    path.write_bytes(RTF)
    rejected = rejection(path)
    assert rejected.code == "no_converter"
    assert "install LibreOffice" in rejected.advice
    assert "save the file as .docx" in rejected.advice


def test_a_program_that_fails_is_a_rejection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\necho 'Error: source file could not be loaded' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("JUESUAN_SOFFICE", str(program))
    path = tmp_path / "a.rtf"
    path.write_bytes(RTF)
    rejected = rejection(path)
    assert rejected.code == "conversion_failed"
    assert "source file could not be loaded" in rejected.message


def test_a_program_that_makes_no_file_is_a_rejection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUESUAN_SOFFICE", "true")
    path = tmp_path / "a.rtf"
    path.write_bytes(RTF)
    assert rejection(path).code == "conversion_failed"


@needs_office
def test_it_runs_in_a_worker_within_its_memory_and_the_media_type_stays_that_of_the_file(old_word: Path) -> None:
    with Pool(1, DEFAULT_LIMITS) as pool:
        (parsed,) = pool.outcomes([Reading(identify(old_word), parse_file)])
    assert isinstance(parsed, ParsedDocument), parsed
    assert parsed.media_type == "application/msword"
    assert small.amounts(parsed) == small.AMOUNTS
    assert "converted" in {notice.kind for notice in parsed.notices}


def _text_stream(path: Path) -> int:
    """Where the text of a Word 97 file begins: it is told by its first two bytes, at the beginning of a sector."""
    content = path.read_bytes()
    return next(at for at in range(512, len(content), 512) if content[at : at + 2] == b"\xec\xa5")


@needs_office
def test_a_word_97_file_with_a_password_is_encrypted(old_word: Path, tmp_path: Path) -> None:
    content = bytearray(old_word.read_bytes())
    content[_text_stream(old_word) + 11] |= 1  # the flag by which Word says so
    path = tmp_path / "a.doc"
    path.write_bytes(content)
    assert rejection(path).code == "encrypted"


@needs_office
def test_a_word_97_file_that_breaks_off_is_damaged(old_word: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.doc"
    path.write_bytes(old_word.read_bytes()[:1536])
    assert rejection(path).code in ("damaged", "conversion_failed")


@needs_office
def test_a_word_97_file_is_known_by_its_content(old_word: Path, tmp_path: Path) -> None:
    path = tmp_path / "部门决算.wps"
    path.write_bytes(old_word.read_bytes())
    document = read_document(path)
    assert len([t for page in document.pages for t in page.tables]) == 2
    with closing(path.open("rb")) as handle:
        streams = {entry.name for entry in xlrd.compdoc.CompDoc(handle.read()).dirlist}
    assert "WordDocument" in streams


@needs_office
def test_a_sheet_that_no_reader_takes_is_converted_to_a_workbook(tmp_path: Path) -> None:
    rows = "".join(
        f"<Row><Cell><Data ss:Type='String'>{name}</Data></Cell><Cell><Data ss:Type='{kind}'>{value}</Data></Cell></Row>"
        for name, kind, value in (("项目", "String", "金额"), ("收入", "Number", "321.5"))
    )
    path = tmp_path / "部门决算.xls"
    path.write_text(
        "<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>"
        "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'>"
        f"<Worksheet ss:Name='a'><Table>{rows}</Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    document = read_document(path)
    assert document.media_type == "application/vnd.ms-excel"
    (table,) = [table for page in document.pages for table in page.tables]
    assert [cell.text for cell in table.cells] == ["项目", "金额", "收入", "321.5"]


@needs_office
def test_nothing_is_fetched_from_elsewhere(tmp_path: Path) -> None:
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    secret = tmp_path / "secret.txt"
    secret.write_text("77.00")
    path = tmp_path / "a.odt"
    content = f"""<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
        xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
        xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" office:version="1.2"><office:body><office:text>
        <text:p>合计<draw:frame><draw:image xlink:href="http://127.0.0.1:{server.server_port}/i.png" xlink:type="simple"
        xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p><text:section text:name="s"><text:section-source
        xlink:href="{secret.as_uri()}"/><text:p>甲</text:p></text:section></office:text></office:body></office:document-content>"""
    manifest = """<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry
        manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry
        manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    try:
        text = " ".join(line.text for page in read_document(path).pages for line in page.lines)
    finally:
        server.shutdown()
        server.server_close()
    assert "合计" in text
    assert "77.00" not in text
    assert asked == []


@needs_office
def test_nothing_is_left_behind(old_word: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with converted(old_word, "docx") as copy:
        assert copy.is_relative_to(tmp_path)
    assert list(tmp_path.iterdir()) == []


# The keeper


def _wait_for(path: Path) -> str:
    for _ in range(200):
        if path.exists() and (text := path.read_text().strip()):
            return text
        time.sleep(0.05)
    raise AssertionError(f"{path.name} was not written")


def test_a_worker_that_is_killed_takes_the_program_and_its_folder_with_it(tmp_path: Path) -> None:
    program, pid_file = tmp_path / "soffice", tmp_path / "pids"
    # A program that starts another one, as soffice does.
    program.write_text(f'#!/bin/sh\nsleep 300 &\necho "$$ $!" > {pid_file}\nwait\n')
    program.chmod(0o755)
    (tmp_path / "a.rtf").write_bytes(RTF)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    worker = subprocess.Popen(
        [sys.executable, "-c", READ, str(tmp_path / "a.rtf")],
        env={**os.environ, "JUESUAN_SOFFICE": str(program), "TMPDIR": str(temporary)},
        cwd=ROOT,
    )
    pids = [int(pid) for pid in _wait_for(pid_file).split()]
    assert all(is_running(pid) for pid in pids)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    for _ in range(200):
        if not any(is_running(pid) for pid in pids) and not list(temporary.iterdir()):
            break
        time.sleep(0.05)
    assert [pid for pid in pids if is_running(pid)] == []
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(("command", "status"), [(["true"], 0), (["false"], 1), (["sleep", "300"], office_keeper.OUT_OF_TIME)])
def test_the_keeper_ends_with_the_program_or_when_its_time_is_up(tmp_path: Path, command: list[str], status: int) -> None:
    keep = [sys.executable, office_keeper.__file__, "2", str(tmp_path), *command]
    with subprocess.Popen(keep, stdin=subprocess.PIPE) as process:
        assert process.wait(timeout=60) == status


def test_the_keeper_says_when_there_is_no_such_program(tmp_path: Path) -> None:
    keep = [sys.executable, office_keeper.__file__, "2", str(tmp_path), "/nowhere"]
    with subprocess.Popen(keep, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.wait(timeout=60) == office_keeper.NOT_STARTED
