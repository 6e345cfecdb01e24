"""Limits of what a text may be, and what stands around and inside HTML tables in it: tried just inside and just outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.desk import Desk
from ingest.document import Line, Table
from ingest.limits import Limits
from ingest.numbers import is_money, parse_number
from ingest.parsed import Rejected
from ingest.readers import read_document
from ingest.readers.bounds import LONGEST_TEXT
from ingest.readers.placing import MAX_PLACES, MAX_SPAN, bounded_span, require_places
from ingest.run import run_ingest
from ingest.worker import attempt
from tests.fuzz.by_pdf import Pdf
from tests.fuzz.seeds import seeds


def _read(folder: Path, text: str, suffix: str = ".md") -> tuple[Line | Table, ...]:
    path = folder / f"a{suffix}"
    path.write_text(text, encoding="utf-8")
    return read_document(path).pages[0].blocks


@pytest.mark.parametrize("suffix", [".txt", ".html"])
def test_a_line_may_have_so_many_characters_and_not_one_more(tmp_path: Path, suffix: str) -> None:
    [line] = _read(tmp_path, "支" * LONGEST_TEXT, suffix)
    assert isinstance(line, Line)
    with pytest.raises(Rejected, match=f"{LONGEST_TEXT + 1} characters") as refusal:
        _read(tmp_path, "支" * (LONGEST_TEXT + 1), suffix)
    assert refusal.value.code == "too_large"


def test_a_cell_may_have_as_many(tmp_path: Path) -> None:
    [table] = _read(tmp_path, f"<table><tr><td>{'支' * LONGEST_TEXT}</td><td>1</td></tr></table>")
    assert isinstance(table, Table)
    with pytest.raises(Rejected, match="row 1, column 1"):
        _read(tmp_path, f"<table><tr><td>{'支' * (LONGEST_TEXT + 1)}</td></tr></table>")


def test_a_table_may_have_so_many_places_and_not_one_more() -> None:
    require_places(MAX_PLACES)
    with pytest.raises(Rejected, match="cells"):
        require_places(MAX_PLACES + 1)


def test_one_wide_row_does_not_make_all_others_wide(tmp_path: Path) -> None:
    rows, columns = 2000, 500  # a million places
    text = "a\tb\n" * (rows - 1) + "\t".join("1" * columns)
    [table] = _read(tmp_path, text, ".txt")
    assert isinstance(table, Table)
    assert (table.row_count, table.column_count) == (rows, columns)
    with pytest.raises(Rejected, match="cells"):
        _read(tmp_path, text + "\t1", ".txt")


@pytest.mark.parametrize(
    ("value", "span"),
    [("1", 1), ("0", 1), ("-1", 1), ("x", 1), (None, 1), ("200", 200), ("201", MAX_SPAN), ("007", 7), ("9" * 5000, MAX_SPAN)],
)
def test_a_span_is_bounded_however_long_its_number_is(value: str | None, span: int) -> None:
    assert bounded_span(value) == span


def test_text_around_and_in_an_html_table_is_kept(tmp_path: Path) -> None:
    blocks = _read(tmp_path, "单位：万元<table>1.50<caption>表一</caption><tr><td>2</td></tr></table>注：无")
    assert [b.text if isinstance(b, Line) else "table" for b in blocks] == ["单位：万元1.50表一", "table", "注：无"]


def test_numbers_of_a_table_in_a_cell_do_not_run_together(tmp_path: Path) -> None:
    inner = "<table><tr><td>1</td><td>2</td></tr></table>"
    [table] = _read(tmp_path, f"<table><tr><td>{inner}</td><td>3</td></tr></table>")
    assert isinstance(table, Table)
    texts = [cell.text for cell in table.cells]
    assert [text.split() for text in texts] == [["1", "2"], ["3"]]
    assert parse_number(texts[0]) is None


@pytest.mark.parametrize(
    ("text", "is_it"), [("12.34", True), ("1,234", True), ("-5", True), ("1.00", False), ("17", False), ("栏次", False)]
)
def test_what_only_money_looks_like(text: str, is_it: bool) -> None:
    assert is_money(text) is is_it


# --- What the fuzzing found


def test_a_page_tree_that_breaks_off_is_damaged_at_its_page(tmp_path: Path) -> None:
    pdf = Pdf.of(seeds("pdf")[0].content)
    assert pdf is not None
    last = pdf.numbers_with(rb"/Type /Page\b")[-1]
    pdf.objects[last] = b"<< /Type /Page /Parent * >>"
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf.assembled())
    with pytest.raises(Rejected) as refusal:
        read_document(path)
    assert refusal.value.code == "damaged"
    assert refusal.value.page == 1  # where the second library began to walk the tree


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), "too_large"),
        (OSError(12, "Cannot allocate memory"), "too_large"),
        (OSError(13, "Permission denied"), "unreadable"),
        (ImportError("cv2.abi3.so: failed to map segment from shared object"), "too_large"),
        (ImportError("No module named 'nothing'"), "internal_error"),
    ],
)
def test_want_of_memory_is_told_as_such_and_nothing_else_is(tmp_path: Path, error: Exception, code: str) -> None:
    def fail(desk: Desk) -> object:
        raise error

    outcome = attempt(fail, Limits(), Desk(tmp_path, tmp_path))
    assert isinstance(outcome, Rejected)
    assert outcome.code == code


def test_a_reason_is_one_printable_line_whatever_a_library_said_of_the_file(tmp_path: Path) -> None:
    [pdf] = [seed.content for seed in seeds("pdf")[:1]]
    spoilt = Pdf.of(pdf)
    assert spoilt is not None
    for number in spoilt.contents():
        spoilt.objects[number] = b"<< /Filter [ /ASCII85Decode ] /Length 8 >>\nstream\n87\x01\x1b[31m~>\nendstream"
    (tmp_path / "a.pdf").write_bytes(spoilt.assembled())
    summary = run_ingest([tmp_path / "a.pdf"], tmp_path / "staging.duckdb", workers=1, show_progress=False)
    [refusal] = summary.rejected
    assert f"{refusal.message}{refusal.advice}".isprintable()
