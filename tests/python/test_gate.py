"""Tables that shrink: explained by the documents, or the publication stops."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingest.publish.gate import can_be_opened, find_shrinking, sort_out

TWO = "('a1', 'A/2023', 'a.txt'), ('b1', 'B/2023', 'b.txt')"
CORRECTED = "('a1', 'A/2023', 'a.txt'), ('b2', 'B/2023', 'b.txt')"
LOST = "('a1', 'A/2023', 'a.txt')"


def make(path: Path, documents: str, amounts: dict[str, int], findings: int = 1) -> Path:
    """A warehouse with documents and so many amounts of each."""
    with duckdb.connect(path) as connection:
        connection.execute("create schema marts")
        connection.execute(
            f"create table marts.dim_document as from (values {documents}) as t (document_id, disclosure_key, file_name)"
        )
        connection.execute("create table marts.fct_reported_amount (document_id varchar, amount integer)")
        for document, rows in amounts.items():
            connection.execute(f"insert into marts.fct_reported_amount select '{document}', range from range({rows})")
        connection.execute(f"create table marts.rpt_finding as select range as n from range({findings})")
    return path


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return make(tmp_path / "old.duckdb", TWO, {"a1": 3, "b1": 3})


def test_as_many_rows_or_more_are_no_shrinking(tmp_path: Path, old: Path) -> None:
    assert find_shrinking(make(tmp_path / "1.duckdb", TWO, {"a1": 3, "b1": 3}), old, same_code=False) == []
    assert find_shrinking(make(tmp_path / "2.duckdb", TWO, {"a1": 3, "b1": 4}), old, same_code=False) == []


def test_a_corrected_document_may_have_fewer_rows(tmp_path: Path, old: Path) -> None:
    (one,) = find_shrinking(make(tmp_path / "new.duckdb", CORRECTED, {"a1": 3, "b2": 2}), old, same_code=True)
    assert sort_out([one], ())[0] == ()
    assert one.reason == "documents replaced by others of their disclosures: b.txt"


def test_a_document_that_did_not_change_may_not(tmp_path: Path, old: Path) -> None:
    new = make(tmp_path / "new.duckdb", CORRECTED, {"a1": 2, "b2": 3})
    (problem,) = sort_out(find_shrinking(new, old, same_code=True), ())[0]
    assert problem == (
        "marts.fct_reported_amount shrank from 6 to 5 rows: rows of document_id a1 are gone, of whose department no document has"
        " changed; if that is right: --allow-shrinking fct_reported_amount"
    )


def test_what_is_said_of_other_documents_of_the_same_department_may_go_with_it(tmp_path: Path) -> None:
    # 2023 is said to differ from 2022, until that is corrected.
    old = make(tmp_path / "old.duckdb", "('a1', 'A/2023', 'a.txt'), ('b1', 'A/2022', 'b.txt')", {"a1": 3, "b1": 3})
    new = make(tmp_path / "new.duckdb", "('a1', 'A/2023', 'a.txt'), ('b2', 'A/2022', 'b.txt')", {"a1": 2, "b2": 3})
    (one,) = find_shrinking(new, old, same_code=True)
    assert one.reason == "documents replaced by others of their disclosures: b.txt"


def test_a_document_that_came_explains_what_is_gone_of_its_department_alone(tmp_path: Path, old: Path) -> None:
    new = make(tmp_path / "new.duckdb", f"{TWO}, ('a2', 'A/2023', 'c.txt')", {"a1": 1, "b1": 3})
    (one,) = find_shrinking(new, old, same_code=True)
    assert one.reason == "documents that have come, of A"
    other = make(tmp_path / "other.duckdb", f"{TWO}, ('a2', 'A/2023', 'c.txt')", {"a1": 3, "b1": 1})
    assert find_shrinking(other, old, same_code=True)[0].reason is None


def test_a_document_that_is_gone_stops_the_publication_unless_told(tmp_path: Path, old: Path) -> None:
    shrinking = find_shrinking(make(tmp_path / "new.duckdb", LOST, {"a1": 3}), old, same_code=True)
    problems, explained = sort_out(shrinking, ())
    assert [p.split(" shrank")[0] for p in problems] == ["marts.dim_document", "marts.fct_reported_amount"]
    assert "documents that are gone with none in their place: b.txt" in problems[0]
    assert explained == ()
    assert len(sort_out(shrinking, {"dim_document"})[0]) == 1
    problems, explained = sort_out(shrinking, {"all"})
    assert problems == ()
    assert all(text.endswith("(allowed by --allow-shrinking)") for text in explained)


def test_fewer_findings_are_good_news_while_the_code_is_the_same(tmp_path: Path, old: Path) -> None:
    new = make(tmp_path / "new.duckdb", CORRECTED, {"a1": 3, "b2": 3}, findings=0)
    assert sort_out(find_shrinking(new, old, same_code=True), ())[0] == ()
    (problem,) = sort_out(find_shrinking(new, old, same_code=False), ())[0]
    assert "marts.rpt_finding shrank from 1 to 0 rows: the code has changed" in problem


def test_a_table_that_is_gone_has_shrunk(tmp_path: Path, old: Path) -> None:
    new = make(tmp_path / "new.duckdb", CORRECTED, {"a1": 3, "b2": 3})
    with duckdb.connect(new) as connection:
        connection.execute("drop table marts.rpt_finding")
    (problem,) = sort_out(find_shrinking(new, old, same_code=True), ())[0]
    assert "there is no such table any more" in problem


def test_what_cannot_be_opened_is_nothing_to_compare_with(tmp_path: Path) -> None:
    assert not can_be_opened(tmp_path / "none.duckdb")
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"no database")
    assert not can_be_opened(broken)
    duckdb.connect(tmp_path / "empty.duckdb").close()
    assert not can_be_opened(tmp_path / "empty.duckdb")
    assert can_be_opened(make(tmp_path / "good.duckdb", TWO, {"a1": 1}))
