"""One small disclosure in every format for text: each gives the same amounts, claims and identity."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.parse import parse_file
from ingest.parsed import ParsedDocument
from ingest.readers.converter import find_program
from tests.python import small_disclosure as small
from tests.python.office import office_file

needs_office = pytest.mark.skipif(find_program() is None, reason="NO LIBREOFFICE: conversion was not tried")


def _bytes(content: bytes | str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content if isinstance(content, bytes) else content.encode())


def _as(suffix: str, *, automatic: bool = False) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        source = small.word(path.with_name("source.docx"), automatic=automatic)
        shutil.move(office_file(source, suffix), path)

    return write


WRITINGS: dict[str, Callable[[Path], object]] = {
    "typed numbers.docx": small.word,
    "automatic numbers.docx": lambda path: small.word(path, automatic=True),
    "heads in tables.docx": lambda path: small.word(path, framed=True),
    "plain.html": _bytes(small.page(small.article())),
    "gb18030.htm": _bytes(small.page(small.article(), "gb2312").encode("gb18030")),
    "nested tables.shtml": _bytes(small.government_page()),
    "nested tables gbk.html": _bytes(small.government_page("GBK").encode("gb18030")),
    "saved by word.htm": _bytes(small.word_page()),
    "named as a workbook.xls": _bytes(small.page(small.article())),
    "named as a text.doc": _bytes(small.page(small.article())),
    "byte order mark.html": _bytes(b"\xff\xfe" + small.page(small.article(), "utf-16").encode("utf-16-le")),
    "quoted printable.mht": _bytes(small.archive(small.government_page())),
    "base64.mhtml": _bytes(small.archive(small.government_page("gb18030"), "base64", "gb18030")),
    "line ends.html": _bytes(small.page(small.article("{}<br>\n"))),
}
CONVERTED: dict[str, Callable[[Path], object]] = {
    "word 97.doc": _as("doc"),
    "automatic numbers.doc": _as("doc", automatic=True),
    "from wps.wps": _as("doc"),
    "rich text.rtf": _as("rtf"),
    "open document.odt": _as("odt"),
}


def _written(name: str, folder: Path) -> ParsedDocument:
    path = folder / name
    (WRITINGS | CONVERTED)[name](path)
    return parse_file(path)


@pytest.mark.parametrize("name", [*WRITINGS, *(pytest.param(name, marks=needs_office) for name in CONVERTED)])
def test_the_same_disclosure_says_the_same(name: str, tmp_path: Path) -> None:
    parsed = _written(name, tmp_path)
    assert small.amounts(parsed) == small.AMOUNTS
    assert small.claims(parsed) == small.CLAIMS
    disclosure = parsed.disclosure
    assert (disclosure.department_name, disclosure.fiscal_year) == (small.NAME, 2023)
    assert (disclosure.disclosure_kind, disclosure.reporting_scope) == ("final_account", "department")
    assert disclosure.is_simulated
    assert {form.form_code: (form.status, form.unit) for form in parsed.forms} == {
        "income": ("present", "万元"),
        "expenditure": ("present", "万元"),
    }
