"""What differs between two builds is told exactly: no figure more, none less."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import duckdb

from ingest.publish.diff import Difference, FigureChange, compare
from ingest.publish.diff_text import as_json, as_markdown, as_text

AMOUNTS = """
create table marts.fct_reported_amount (
    document_id varchar, department_key varchar, fiscal_year integer, disclosure_key varchar, form_code varchar, side varchar,
    row_code varchar, row_label varchar, column_code varchar, amount decimal(20, 2), amount_text varchar, source_page integer,
    source_table integer, source_row integer, source_column integer
)
"""
Row = tuple[str, str, int, str | None, str, str, str]


def make(path: Path, rows: list[Row], extra: str = "select 1") -> Path:
    """A warehouse with amounts: document, department, year, row code, label, column, amount, in the order of the page."""
    documents = sorted({(row[0], f"{row[1]}/{row[2]}") for row in rows})
    with duckdb.connect(path) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.dim_document (document_id varchar, file_name varchar, disclosure_key varchar)")
        connection.executemany("insert into marts.dim_document values (?, ?, ?)", [(d, f"{d}.txt", key) for d, key in documents])
        connection.execute(AMOUNTS)
        connection.executemany(
            "insert into marts.fct_reported_amount values (?, ?, ?, ?, 'expenditure', null, ?, ?, ?, ?, ?, 1, 1, ?, 1)",
            [
                (document, department, year, f"{department}/{year}", code, label, column, amount, amount, place)
                for place, (document, department, year, code, label, column, amount) in enumerate(rows)
            ],
        )
        connection.execute(extra)
    return path


FIRST: list[Row] = [
    ("a1", "水务局", 2023, None, "合计", "total", "10.00"),
    ("a1", "水务局", 2023, "201", "一般公共服务支出", "total", "10.00"),
    ("a1", "水务局", 2023, None, "其中", "total", "1.00"),
    ("a1", "水务局", 2023, None, "其中", "total", "2.00"),
    ("b1", "体育局", 2022, None, "合计", "total", "5.00"),
]


def difference(tmp_path: Path, before: list[Row], after: list[Row]) -> Difference:
    return compare(make(tmp_path / "a.duckdb", before), make(tmp_path / "b.duckdb", after), ("A", "B"))


def told(figures: tuple[FigureChange, ...]) -> list[tuple[str, str, str | None, int, Decimal | None, Decimal | None]]:
    return [(f.change, f.department_key, f.row_label, f.occurrence, f.before, f.after) for f in figures]


def test_the_same_figures_are_no_difference_whatever_their_order_and_file(tmp_path: Path) -> None:
    moved = [("x" + row[0], *row[1:]) for row in FIRST]
    found = difference(tmp_path, FIRST, [moved[4], *moved[:4]])
    assert found.figures == () and found.totals == {"added": 0, "changed": 0, "gone": 0}
    assert [(d.change, d.document_id) for d in found.documents] == [
        ("added", "xb1"), ("replaced", "b1"), ("added", "xa1"), ("replaced", "a1"),
    ]  # fmt: skip


def test_a_corrected_file_lists_exactly_its_changed_figures(tmp_path: Path) -> None:
    after: list[Row] = [
        ("a2", "水务局", 2023, None, "合计", "total", "10.01"),
        ("a2", "水务局", 2023, "201", "一般公共服务", "total", "10.00"),  # another label: the code says which row it is
        ("a2", "水务局", 2023, None, "其中", "total", "1.00"),
        ("a2", "水务局", 2023, None, "其中", "total", "2.50"),
        ("a2", "水务局", 2023, "202", "外交支出", "total", "0.00"),
    ]
    found = difference(tmp_path, FIRST, after)
    assert told(found.figures) == [
        ("gone", "体育局", "合计", 1, Decimal("5.00"), None),
        ("changed", "水务局", "合计", 1, Decimal("10.00"), Decimal("10.01")),
        ("changed", "水务局", "其中", 2, Decimal("2.00"), Decimal("2.50")),
        ("added", "水务局", "外交支出", 1, None, Decimal("0.00")),
    ]
    assert [(y.department_key, y.fiscal_year, y.added, y.changed, y.gone) for y in found.years] == [
        ("体育局", 2022, 0, 0, 1),
        ("水务局", 2023, 1, 2, 0),
    ]


def test_a_superseded_figure_is_none_of_the_disclosure(tmp_path: Path) -> None:
    mark = "alter table marts.fct_reported_amount add column is_current boolean default true"
    before = make(tmp_path / "a.duckdb", FIRST, mark)
    both = [*FIRST, ("a2", "水务局", 2023, None, "合计", "total", "11.00")]
    superseded = (
        f"{mark}; update marts.fct_reported_amount set is_current = false where document_id = 'a1' and row_label = '合计'"
    )
    found = compare(before, make(tmp_path / "b.duckdb", both, superseded), ("A", "B"))
    assert told(found.figures) == [("changed", "水务局", "合计", 1, Decimal("10.00"), Decimal("11.00"))]


def test_the_first_build_is_counted_not_listed(tmp_path: Path) -> None:
    found = compare(None, make(tmp_path / "b.duckdb", FIRST), (None, "B"))
    assert found.figures == () and found.totals["added"] == 5
    assert as_text(found).startswith("B is the first build: 5 figures")


FINDING = """
create table marts.rpt_finding as
select
    'k' || range as finding_key, '水务局/2023' as disclosure_key, '水务局' as department_name, 2023 as fiscal_year,
    'final_account' as disclosure_kind, 'material' as severity, 'parts' as check_name, 'cell' as place_kind, 'a.txt' as file_name,
    'expenditure' as form_code, null::varchar as side, '20' || range as row_code, '合计' as row_label, 'total' as column_code,
    1 as source_page, 1 as source_table, 1 as source_row, 1 as source_column, '10.00' as printed_text, 'does not add up' as reason
from range({first}, {end})
"""


def test_findings_are_new_or_resolved(tmp_path: Path) -> None:
    before = make(tmp_path / "a.duckdb", FIRST, FINDING.format(first=0, end=2))
    after = make(tmp_path / "b.duckdb", FIRST, FINDING.format(first=1, end=4))
    found = compare(before, after, ("A", "B"))
    assert [f.change for f in found.findings] == ["new", "new", "resolved"]
    assert found.finding_totals == {"new": 2, "resolved": 1}


def test_all_that_differs_is_told_to_people_and_programs(tmp_path: Path) -> None:
    after = [*FIRST[:4], ("b2", "体育局", 2022, None, "合计|\x1b[31m", "total", "6.00")]
    found = difference(tmp_path, FIRST, after)
    page = as_markdown(found)
    assert "| changed | 体育局/2022 |" not in page  # another label is another row
    assert "| gone | 体育局/2022 | expenditure | 合计 | total | 5.00 |  | 1 |" in page
    assert "合计\\|\N{REPLACEMENT CHARACTER}[31m" in page
    values = json.loads(json.dumps(as_json(found)))
    assert values["totals"]["figures"] == {"added": 1, "changed": 0, "gone": 1}
    assert [f["before"] for f in values["figures"]] == ["5.00", None]
    assert "and 1 more: --format json" in as_text(found, shown=1)
