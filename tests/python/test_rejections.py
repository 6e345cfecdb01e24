"""Every code of a rejection, provoked by a real file: the line names the file, the place where there is one, and what to do."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from ingest.cli import main
from tests.python.conftest import ROOT
from tests.python.zips import make_zip

HEAD = "云岭省澜溪市水务局\n2023年度部门决算\n"
COLUMNS = "科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出\n"
TOTAL = "合计\t\t10.00\t4.00\t6.00\n"
ROW = "213\t农林水支出\t10.00\t4.00\t6.00\n"


def form(
    title: str = "支出决算表", unit: str = "单位：万元\n", columns: str = COLUMNS, body: str = TOTAL + ROW, head: str = HEAD
) -> str:
    return f"{head}{title}\n{unit}{columns}{body}"


@dataclass(frozen=True)
class Case:
    """A file, and what its line says: the code, words of what is wrong and where, words of what to do."""

    name: str
    content: str | bytes | Callable[[Path], None]
    code: str
    wrong: str
    remedy: str


def _link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def _archive(path: Path) -> None:
    make_zip(path, {"甲.txt": "x", "../乙.txt": form()})


@dataclass(frozen=True)
class Line:
    """A rejection as it is kept."""

    path: str
    message: str
    advice: str
    code: str
    page: int | None


CASES = [
    Case("empty.txt", "", "empty_file", "empty (0 bytes)", "download it again"),
    Case("not.pdf", "<html>", "not_a_pdf", "its content is not PDF", "check how it was downloaded"),
    Case("files.rar", b"Rar!\x1a\x07\x01\x00", "unsupported_format", "it is a RAR archive", "unpack it"),
    Case("files.7z", b"7z\xbc\xaf\x27\x1c", "unsupported_format", "it is a 7z archive", "unpack it"),
    Case("files.tar.gz", b"\x1f\x8b\x08", "unsupported_format", "compressed by gzip", "unpack it"),
    Case("files.tar", bytes(257) + b"ustar" + bytes(250), "unsupported_format", "it is a tar archive", "unpack it"),
    Case("picture.bin", bytes(range(256)), "unsupported_format", "no reader for this format (.bin)", "convert it to one of"),
    Case("cut.pdf", "%PDF-1.7\n", "truncated", "the file breaks off", "download it again"),
    Case("bad.pdf", "%PDF-1.7\n%%EOF\n", "damaged", "cannot be opened", "download it again"),
    Case("mixed.txt", b"\xff\xff\xff\xff" * 9, "not_text", "neither UTF-8 nor GB18030", "save it as UTF-8"),
    Case("long.txt", "x" * (64 * 1024**2 + 1), "too_large", "more than 64 MiB", "split the file"),
    Case("link.txt", _link, "unreadable", "broken link", "check that the file exists"),
    Case("包.zip!/../乙.txt", _archive, "unsafe_container", "its name leads out", "unpack it and ingest the folder"),
    Case("letter.txt", "关于召开会议的通知\n", "no_forms", "no known title", "check that it is a"),
    Case("none.txt", form(body="合计\t\t\t\t\n213\t农林水\t\t\t\n"), "no_amounts", "none of its 1", "check the file"),
    Case("nobody.txt", form(head=""), "identity_unknown", "nothing says its department", "check the first page"),
    Case("bare.txt", f"{HEAD}支出决算表\n单位：万元\n农林水支出 10.00\n", "unruled_table", "支出决算表, page 1", "save it as"),
    Case(
        "untitled.txt",
        f"{HEAD}目录\n一、支出决算表\n二、收入决算表\n\f{form(head='')}\f新表\n单位：万元\n{COLUMNS}{TOTAL}{ROW}{ROW}{ROW}",
        "unassigned_table",
        "page 3: a table with codes and amounts stands under no known title",
        "add",
    ),
    Case(
        "header.txt", form(columns=COLUMNS.replace("项目支出", "未知栏目")), "unknown_header",
        "支出决算表, page 1, column 5: header '未知栏目'", "add the lines below",
    ),
    Case(
        "twice.txt", form(columns=COLUMNS.replace("项目支出", "基本支出")), "ambiguous_header",
        "支出决算表, page 1: two columns would both be basic", "docs/adding_a_layout.md",
    ),
    Case(
        "rest.txt", form(body=TOTAL + ROW.replace("6.00", "6.0.0")), "leftover_figures",
        "支出决算表, page 1, row 7: '6.0.0'", "docs/adding_a_layout.md",
    ),
    Case("unit.txt", form(unit=""), "unit_unknown", "支出决算表, page 1: no unit", "report the document"),
    Case(
        "huge.txt", form(body=TOTAL.replace("6.00", "6" * 19)), "figure_out_of_range", "page 1, table 1, row 6",
        "look at that place",
    ),
]  # fmt: skip

# Codes that need more than a file: where they are provoked.
ELSEWHERE = {
    "changed_while_reading": "test_run.py: rewrite",
    "conversion_failed": "test_converter.py: conversion_failed",
    "embedded_document": "test_docx.py: embedded_document",
    "encrypted": "test_bad_input.py: needs a password.pdf",
    "evaluation_only": "test_spreadsheets.py: evaluation_only",
    "expectation_failed": "test_run.py: wrong-page",
    "formula_without_result": "test_spreadsheets.py: formula_without_result",
    "frames_only": "test_html.py: frames_only",
    "internal_error": "test_run.py: crash",
    "no_converter": "test_converter.py: no_converter",
    "no_delimiter": "test_spreadsheets.py: no_delimiter",
    "no_text_layer": "test_bad_input.py: scan.pdf",
    "split_figures": "test_spreadsheets.py: split_figures",
    "template": "test_forms.py: template",
    "too_slow": "test_isolation.py: too_slow",
    "worker_died": "test_isolation.py: worker_died",
}
CODE = re.compile(r"(?:Rejected\(\s*|_failed\(\s*|code, advice, page, paste = )\"([a-z]+(?:_[a-z]+)*)\"")


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Line]:
    """For each file its line, its code and its page."""
    folder = tmp_path_factory.mktemp("rejected")
    files = folder / "files"
    files.mkdir()
    for case in CASES:
        path = files / case.name.partition("!/")[0]
        if callable(case.content):
            case.content(path)
        else:
            path.write_bytes(case.content.encode() if isinstance(case.content, str) else case.content)
    assert main(["--home", str(folder / "home"), "ingest", str(files)]) == 3
    with duckdb.connect(folder / "home" / "staging.duckdb", read_only=True) as connection:
        rows = connection.execute(
            "select file_path, message, advice, code, source_page from staging.staging.rejection"
        ).fetchall()
    return {row[0].removeprefix(f"{files}/"): Line(*row) for row in rows}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_rejection_names_the_file_the_place_and_the_remedy(lines: dict[str, Line], case: Case) -> None:
    line = lines[case.name]
    assert line.code == case.code
    assert line.path.endswith(case.name)
    assert case.wrong in line.message
    assert case.remedy in line.advice
    assert "\n" not in line.message + line.advice
    assert line.page is None or f"page {line.page}" in line.message


def test_every_code_is_provoked_and_explained() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "ingest").rglob("*.py"))
    codes = set(CODE.findall(sources))
    assert len(codes) > 20
    assert codes == {case.code for case in CASES} | set(ELSEWHERE)
    page = (ROOT / "docs" / "rejections.md").read_text(encoding="utf-8")
    assert [code for code in sorted(codes) if f"| `{code}`" not in page] == []
    for code, place in ELSEWHERE.items():
        name, words = place.split(": ", 1)
        assert words in (ROOT / "tests" / "python" / name).read_text(encoding="utf-8"), code


def test_a_zip_without_a_table_of_contents_is_not_mistaken_for_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    path.write_bytes(path.read_bytes()[:-1])
    assert main(["--home", str(tmp_path / "home"), "ingest", str(path)]) == 3
    assert f"{path}: it breaks off: a zip ends with its table of contents; download it again" in capsys.readouterr().out
