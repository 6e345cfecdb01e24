"""The samples in every format: each says what its PDF says, cell by cell, and so do the marts that are built from them.

Every format is tried, and every sample in some format, and a warehouse is built in which the formats are mixed. ``make formats``
(``JUESUAN_FORMATS=complete``) tries each sample in each format and builds a warehouse of each format alone.
"""

from __future__ import annotations

import csv
import os
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from lxml import etree, html

from ingest import recognition
from ingest.cli import main
from ingest.home import Home
from ingest.parse import parse_file
from ingest.parsed import Amount
from ingest.text import squash
from samples.render.formats import ARCHIVE, FORMATS, Sample, samples_of, write_format, write_sample
from tests.python import marts
from tests.python.meaning import Meaning, differences, meaning
from tests.python.parsed_samples import SAMPLES, parsed

IS_COMPLETE = os.environ.get("JUESUAN_FORMATS") == "complete"

# The samples take these in turn.
QUICK = (
    *("xlsx", "docx", "html", "xls", "csv", "docx-numbered", "ods", "mht", "xlsx-stacked", "html-cms", "tsv", "xls-stacked"),
    *("csv-gb18030", "ods-stacked"),
)
# Seconds a file: an office suite converts them. Minutes a file: the pages are recognised.
CONVERTED = ("doc", "wps", "rtf")
SCANNED = ("scan", "tiff")
SCAN_OF = "云岭省澜溪市财政局2023年度部门决算.pdf"
SCANNED_FORMS = ("income", "expenditure")

Write = Callable[[str, str], Path]


@cache
def samples() -> dict[str, Sample]:
    return {sample.file_name: sample for sample in samples_of(SAMPLES)}


NAMES = sorted(path.name for path in (SAMPLES / "disclosures").iterdir())


def pairs() -> list[tuple[str, str]]:
    """Which sample is tried in which format."""
    if IS_COMPLETE:
        return [(name, kind) for kind in (*QUICK, *CONVERTED) for name in NAMES]
    return [
        *((name, QUICK[number % len(QUICK)]) for number, name in enumerate(NAMES)),
        *((NAMES[number * 7], kind) for number, kind in enumerate(CONVERTED)),
    ]


@pytest.fixture(scope="module")
def write(tmp_path_factory: pytest.TempPathFactory) -> Write:
    """Writes a sample in a format, or skips the test and says what the machine lacks."""
    folder = tmp_path_factory.mktemp("formats")

    def written(name: str, kind: str) -> Path:
        lacks = FORMATS[kind].lacks()
        if lacks:
            pytest.skip(f"{kind}: {lacks}")
        into = folder / kind
        into.mkdir(exist_ok=True)
        return write_sample(samples()[name], kind, into)

    return written


def said_by_pdf(name: str, write: Write) -> Meaning:
    """What the committed PDF says; of the three samples that are committed as text, one that is written here."""
    return meaning(parsed(name) if name.endswith(".pdf") else parse_file(write(name, "pdf")))


def test_every_format_and_every_sample_is_tried() -> None:
    tried = pairs()
    assert {name for name, _ in tried} == set(samples()) == set(NAMES)
    assert {kind for _, kind in tried} | set(SCANNED) | {"png", "pdf"} == set(FORMATS)


@pytest.mark.parametrize(("name", "kind"), pairs())
def test_a_format_says_what_the_pdf_says(name: str, kind: str, write: Write) -> None:
    assert differences(said_by_pdf(name, write), meaning(parse_file(write(name, kind)))) == []


# -- places: another library finds the amount where it is said to stand


def a_few(amounts: tuple[Amount, ...]) -> list[Amount]:
    return list(amounts[:: max(1, len(amounts) // 40)])


def prints(text: str, amount: Amount) -> bool:
    return squash(text) == squash(amount.amount_text)


def test_row_and_column_of_a_delimited_text_are_those_of_the_file(write: Write) -> None:
    path = write(NAMES[3], "csv")
    rows: dict[int, list[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle)
        start = 1
        for row in reader:
            rows[start] = row
            start = reader.line_num + 1
    found = a_few(parse_file(path).amounts)
    assert found
    assert [a for a in found if not prints(rows[a.source_row][a.source_column - 1], a)] == []


SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_page_row_and_column_of_a_workbook_are_sheet_row_and_column(write: Write) -> None:
    """In the XML of the package: the number, before its format prints it."""
    path = write(NAMES[5], "xlsx")
    found = a_few(parse_file(path).amounts)
    with zipfile.ZipFile(path) as package:
        trees = {a.source_page: etree.fromstring(package.read(f"xl/worksheets/sheet{a.source_page}.xml")) for a in found}
    for amount in found:
        letters = chr(ord("A") + amount.source_column - 1)
        cell = trees[amount.source_page].find(f".//{SHEET}c[@r='{letters}{amount.source_row}']")
        assert cell is not None
        assert round(float(cell.findtext(f"{SHEET}v") or "nan"), amount.decimals) == float(amount.printed_value), amount


def test_table_and_row_of_a_web_page_are_those_of_its_tables(write: Write) -> None:
    path = write(NAMES[7], "html")
    tables = html.fromstring(path.read_bytes()).findall(".//table")
    found = a_few(parse_file(path).amounts)
    assert found
    for amount in found:
        row = tables[amount.source_table - 1].findall(".//tr")[amount.source_row - 1]
        assert any(prints(cell.text_content(), amount) for cell in row.findall("td")), amount


# -- scans


Figure = tuple[str, str | None, str | None, str, Decimal]


def figures(path: Path) -> Counter[Figure]:
    """What a recognition must not mistake; a character of a label may be taken for another, and then stands in the list."""
    read = parse_file(path).amounts
    return Counter((a.form_code, a.side, a.row_code, a.column_code, a.printed_value) for a in read)


@pytest.mark.parametrize("kind", SCANNED)
def test_a_scan_of_a_few_forms_has_the_figures_of_the_pdf(kind: str, tmp_path: Path) -> None:
    """Every figure in its row and column; a page takes seconds to minutes, so the cover and the first forms must do."""
    if not recognition.is_installed():
        pytest.skip("recognition is not installed: make ocr")
    if FORMATS[kind].lacks():
        pytest.skip(f"{kind}: {FORMATS[kind].lacks()}")
    whole = samples()[SCAN_OF]
    sections = [whole.rendering.sections[0], *(s for s in whole.rendering.sections if s.form in SCANNED_FORMS)]
    part = replace(whole, rendering=replace(whole.rendering, sections=sections))
    folder_of_pdf = tmp_path / "pdf"
    folder_of_pdf.mkdir()
    assert figures(write_sample(part, kind, tmp_path)) == figures(write_sample(part, "pdf", folder_of_pdf)) != Counter()


# -- the marts


def written_mixed(folder: Path) -> Path:
    """Each sample in another format than PDF, all in one folder."""
    folder.mkdir()
    for number, sample in enumerate(samples().values()):
        write_sample(sample, QUICK[number % len(QUICK)], folder)
    return folder


def built(folder: Path, home: Path) -> Home:
    assert main(["--home", str(home), "ingest", str(folder)]) == 0
    assert main(["--home", str(home), "build"]) == 0
    return Home(home)


def test_the_marts_of_mixed_formats_are_those_of_the_pdf(sample_home: Home, tmp_path: Path) -> None:
    mixed = built(written_mixed(tmp_path / "mixed"), tmp_path / "home")
    assert marts.differences(marts.marts(sample_home.warehouse), marts.marts(mixed.warehouse)) == []


@pytest.mark.skipif(not IS_COMPLETE, reason="a build takes a minute: make formats")
@pytest.mark.parametrize("kind", [*QUICK, ARCHIVE, *CONVERTED])
def test_the_marts_of_one_format_are_those_of_the_pdf(kind: str, sample_home: Home, tmp_path: Path) -> None:
    if kind in FORMATS and FORMATS[kind].lacks():
        pytest.skip(f"{kind}: {FORMATS[kind].lacks()}")
    folder = tmp_path / "files"
    assert list(write_format(list(samples().values()), kind, folder))
    alone = built(folder, tmp_path / "home")
    assert marts.differences(marts.marts(sample_home.warehouse), marts.marts(alone.warehouse)) == []
