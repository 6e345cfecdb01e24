"""Files that are no readable disclosure: each is one rejection that says why, and all else is loaded."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from ingest import recognition
from ingest.cli import main

EXTRA = recognition.is_installed()  # with what reads pictures, they are refused for what is in them
SOUND = "上海市普陀区财政局2024年度部门决算.pdf"


def _canvas(path: Path, text: str | None, encryption: StandardEncryption | None = None) -> None:
    registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), encrypt=encryption, invariant=1)
    if text is not None:
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(72, 720, text)
    canvas.showPage()
    canvas.save()


def _cut(share: float) -> Callable[[Path, Path], None]:
    def write(path: Path, sound: Path) -> None:
        content = sound.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return write


def _encrypted(user: str) -> Callable[[Path, Path], None]:
    def write(path: Path, _: Path) -> None:
        _canvas(path, "部门决算", StandardEncryption(user, ownerPassword="owner", strength=128))

    return write


def _scan(path: Path, _: Path) -> None:
    """Two empty sheets as pictures, as where the wrong side was scanned."""
    pictures = [Image.new("RGB", (595, 842), "white") for _ in range(2)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:])


def _archive(path: Path, _: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")


def _garbled(path: Path, sound: Path) -> None:
    """A file whose content streams are overwritten, while its beginning and end are whole."""
    streams = re.compile(rb"(stream\r?\n)(.*?)(endstream)", re.DOTALL)
    path.write_bytes(streams.sub(lambda match: match[1] + b"\x00" * len(match[2]) + match[3], sound.read_bytes()))


def _bytes(content: bytes) -> Callable[[Path, Path], None]:
    return lambda path, _: path.write_bytes(content) and None


def _link(path: Path, _: Path) -> None:
    path.symlink_to(path.with_name("nowhere.pdf"))


# For each file: how it is made, the code of its rejection, and words that its line must have: what is wrong, and what to do.
BAD: dict[str, tuple[Callable[[Path, Path], None], str, str, str]] = {
    "error page.pdf": (_bytes(b"<!DOCTYPE html><title>404</title>" * 9), "not_a_pdf", "its content is not PDF", "download"),
    "cut in the middle.pdf": (_cut(0.5), "truncated", "breaks off", "download it again"),
    "cut near the end.pdf": (_cut(0.999), "truncated", "breaks off", "download it again"),
    "needs a password.pdf": (_encrypted("secret"), "encrypted", "asks for a password", "save a copy without a password"),
    "restricted only.pdf": (_encrypted(""), "no_forms", "no form", "check that it is"),
    "empty.pdf": (_bytes(b""), "empty_file", "empty (0 bytes)", "download it again"),
    "empty.txt": (_bytes(b""), "empty_file", "empty (0 bytes)", "download it again"),
    "scan.pdf": (_scan, "no_text_layer", *(("no page has any text", "check") if EXTRA else ("a scan", "make ocr"))),
    "blank page.pdf": (lambda path, _: _canvas(path, None), "no_text_layer", "no page has any text", "check the file"),
    "letter.pdf": (lambda path, _: _canvas(path, "关于召开会议的通知"), "no_forms", "no form", "check that it is"),
    "letter.txt": (_bytes("关于召开会议的通知\n各部门：\n".encode()), "no_forms", "no form", "check that it is"),
    "garbled.pdf": (_garbled, "no_text_layer", "no page has any text", "check the file"),
    "header only.pdf": (_bytes(b"%PDF-1.7\n%%EOF\n"), "damaged", "cannot be opened", "download it again"),
    "report.docx": (_archive, "damaged", "has no body", "save it anew"),
    "picture.png": (
        _bytes(b"\x89PNG\r\n\x1a\n" + bytes(99)),
        *(("damaged", "cannot be decoded", "download it again") if EXTRA else ("no_text_layer", "a picture", "make ocr")),
    ),
    "binary.txt": (_bytes(bytes(range(256)) * 9), "unsupported_format", "no reader", "convert it"),
    "broken link.pdf": (_link, "unreadable", "broken link", "check that the file exists"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """All bad files, and one sound disclosure among them."""
    made = tmp_path_factory.mktemp("bad") / "disclosures"
    made.mkdir()
    sound = root / "samples" / "disclosures" / SOUND
    for name, (write, *_) in BAD.items():
        write(made / name, sound)
    (made / SOUND).write_bytes(sound.read_bytes())
    return made


@pytest.fixture(scope="module")
def ingested(folder: Path) -> tuple[int, dict[str, dict[str, object]]]:
    """The exit status of the command, and its rejections by file name, as staging keeps them."""
    status = main(["--home", str(folder.parent / "home"), "ingest", str(folder)])
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{folder.parent / 'home' / 'staging.duckdb'}' as s (read_only)")
        rows = connection.execute("select file_name, code, message, advice from s.staging.rejection").fetchall()
    return status, {name: {"code": code, "message": message, "advice": advice} for name, code, message, advice in rows}


def test_some_rejected_is_exit_status_three_and_each_bad_file_is_one_rejection(
    ingested: tuple[int, dict[str, dict[str, object]]],
) -> None:
    status, rejections = ingested
    assert status == 3
    assert set(rejections) == set(BAD)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_rejected_for_its_own_reason(ingested: tuple[int, dict[str, dict[str, object]]], name: str) -> None:
    _, code, wrong, advice = BAD[name]
    rejection = ingested[1][name]
    assert rejection["code"] == code
    assert wrong in str(rejection["message"])
    assert str(rejection["advice"]).startswith(advice) or advice in str(rejection["advice"])
    assert "\n" not in f"{rejection['message']}{rejection['advice']}"


@pytest.mark.usefixtures("ingested")
def test_the_sound_file_among_them_is_loaded_whole(folder: Path) -> None:
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{folder.parent / 'home' / 'staging.duckdb'}' as s (read_only)")
        documents = connection.execute("select file_name from s.staging.document").fetchall()
        forms = connection.execute("select count(*) from s.staging.form where status = 'present'").fetchone()
        orphans = connection.execute(
            "select count(*) from s.staging.amount anti join s.staging.document using (document_id)"
        ).fetchone()
    assert documents == [(SOUND,)]
    assert forms == (7,)
    assert orphans == (0,)


def test_the_command_lists_each_rejected_file_on_a_line_of_its_own(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [str(folder / name) for name in ("empty.txt", "letter.txt")]
    assert main(["--home", str(tmp_path), "ingest", *bad]) == 3
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0].startswith("0 loaded, 0 unchanged, 2 rejected")
    assert [line.split(": ")[0] for line in lines[1:]] == bad
    assert lines[1] == f"{bad[0]}: the file is empty (0 bytes); download it again"


def test_a_program_gets_the_rejections_as_json(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(tmp_path), "ingest", "--json", str(folder / "empty.pdf")]) == 3
    summary = json.loads(capsys.readouterr().out)
    assert (summary["seen"], summary["loaded"], summary["unchanged"]) == (1, 0, 0)
    assert [(r["code"], r["advice"]) for r in summary["rejected"]] == [("empty_file", "download it again")]


def test_a_path_that_does_not_exist_is_misuse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(tmp_path), "ingest", str(tmp_path / "nowhere")]) == 2
    assert "nowhere: no such file or folder" in capsys.readouterr().err
