"""What `juesuan status` says of a home."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import duckdb
import pytest

from ingest.build import build
from ingest.home import Home
from ingest.publish.shelf import publish
from ingest.status import next_steps, read_status, render_status, year_ranges
from ingest.terminal import display_width, table
from tests.python.small_project import ONE_DOCUMENT, ONE_REJECTION, make_project, make_staging


def silent(done: int, total: int, doing: str) -> None:
    pass


def test_an_empty_home_says_what_to_do(tmp_path: Path) -> None:
    told = render_status(read_status(Home(tmp_path)))
    assert told.splitlines() == [
        f"there is no {tmp_path}/staging.duckdb; read some disclosures first: juesuan ingest PATH…",
        "",
        "No build yet: juesuan build",
    ]


def test_what_is_loaded_and_what_was_rejected(tmp_path: Path) -> None:
    home = Home(tmp_path)
    make_staging(home.staging, ONE_DOCUMENT + ONE_REJECTION)
    status = read_status(home)
    (loaded,) = status.disclosures
    assert (loaded.department_name, loaded.fiscal_year, loaded.forms_present, loaded.forms_missing, loaded.amounts) == (
        "云岭省财政局", 2024, 1, 1, 2,
    )  # fmt: skip
    told = render_status(status)
    assert "云岭省财政局 (simulated)   2024  final_account  department" in told
    assert "/files/扫描件.pdf: no text layer [no_text_layer]\n      run it through OCR" in told
    assert json.loads(json.dumps(asdict(status)))["rejections"][0]["code"] == "no_text_layer"


TWO_FILES = """
insert into staging.document values
    (
        'd1', '表.txt', '/files/表.txt', 'text/plain', 10, 1, '0', '2026-01-02 03:04:05', '云岭省财政局', 2024,
        'budget', 'department', '云岭省', true, 'text'
    ),
    (
        'd2', '说明.txt', '/files/说明.txt', 'text/plain', 10, 1, '0', '2026-01-02 03:04:05', '云岭省财政局', 2024,
        'budget', 'department', '云岭省', true, 'text'
    );
insert into staging.form values
    ('d1', 1, 'expenditure', '支出预算表', null, '元', 1, 1, 'no_data', null),
    ('d2', 1, 'expenditure', '支出预算表', null, null, null, null, 'missing', null),
    ('d2', 2, 'income', '收入预算表', null, null, null, null, 'missing', null);
insert into staging.notice values
    ('d1', 'contradictory_note', '支出预算表 prints figures, and says: 本表为空表', 'expenditure', 7, null, null);
"""


def test_a_form_that_the_other_file_of_a_disclosure_has_is_not_missing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    make_staging(home.staging, TWO_FILES)
    status = read_status(home)
    (loaded,) = status.disclosures
    assert (loaded.documents, loaded.forms_no_data, loaded.forms_missing) == (2, 1, 1)
    assert [(f.form_code, f.status, f.forms) for f in status.forms] == [("expenditure", "no_data", 1), ("income", "missing", 1)]


def test_a_document_that_contradicts_itself_is_told_with_its_page(tmp_path: Path) -> None:
    home = Home(tmp_path)
    make_staging(home.staging, TWO_FILES)
    told = render_status(read_status(home))
    assert "  表.txt, page 7: 支出预算表 prints figures, and says: 本表为空表" in told.splitlines()


def test_names_that_may_belong_together_are_told_ready_to_paste(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    make_staging(home.staging)
    assert read_status(home).proposals == ()
    line = "甲国土局,甲规划局,renamed,,2018,,,d.pdf,a word in common"
    proposal = f"""
        select
            '甲规划局' as department_name, 'renamed' as proposal, '甲国土局' as other_name,
            'a word in common' as reason, '{line}' as paste
    """
    build(home, make_project(tmp_path / "project", rpt_department_proposal=proposal), silent)
    status = read_status(home)
    assert [p.paste for p in status.proposals] == [line]
    assert json.loads(json.dumps(asdict(status)))["proposals"][0]["other_name"] == "甲国土局"
    assert "  甲规划局 may be the successor of 甲国土局: a word in common\n      | " + line in render_status(status)


def test_builds_are_told_with_their_outcome(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    make_staging(home.staging)
    (home.builds / "20200101T000000Z-dead").mkdir(parents=True)
    record = build(home, make_project(tmp_path / "project"), silent)
    interrupted_and_good = read_status(home).builds
    assert [(b.build_id, b.status, b.is_published) for b in interrupted_and_good] == [
        (record.build_id, "passed", True),
        ("20200101T000000Z-dead", "interrupted", False),
    ]
    assert f"{record.build_id}  passed, 1 documents, " in render_status(read_status(home))


def test_a_record_of_another_version_is_no_traceback(tmp_path: Path) -> None:
    folder = tmp_path / "builds" / "1"
    folder.mkdir(parents=True)
    (folder / "build.json").write_text('{"build_id": "1"}', encoding="utf-8")
    (summary,) = read_status(Home(tmp_path)).builds
    assert (summary.status, summary.problems) == (
        "unreadable",
        (f"{folder}/build.json was written by another version, or by hand",),
    )


def test_staging_that_changed_after_the_published_build_is_told(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    make_staging(home.staging)
    record = build(home, make_project(tmp_path / "project"), silent)
    assert read_status(home).unpublished_since is None

    def load_at(moment: str) -> None:
        with duckdb.connect(home.staging) as connection:
            connection.execute(f"update staging.staging.document set loaded_at = '{moment}'")

    begun = record.started_at.removesuffix("+00:00")
    load_at(begun)
    assert read_status(home).unpublished_since is None
    load_at(begun + ".000001")
    assert read_status(home).unpublished_since == begun.replace("T", " ")
    assert "after the published build: juesuan build" in render_status(read_status(home))


def test_staging_that_another_process_writes_is_no_traceback(tmp_path: Path) -> None:
    home = Home(tmp_path)
    make_staging(home.staging)
    (home.builds / "1").mkdir(parents=True)
    publish(home, "1")
    code = f"import duckdb, sys; c = duckdb.connect({str(home.staging)!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        status = read_status(home)
        other.kill()
    assert status.staging_problem is not None
    assert "is being written" in status.staging_problem
    assert [b.build_id for b in status.builds] == ["1"]


@pytest.mark.parametrize(
    ("years", "told"),
    [
        ([2020], "2020"),
        ([2018, 2017, 2019], "2017-2019"),
        ([2017, 2019, 2019, 2020], "2017, 2019-2020"),
    ],
)
def test_gaps_between_years_show(years: list[int], told: str) -> None:
    assert year_ranges(years) == told


def test_columns_align_with_chinese_names() -> None:
    lines = table(("name", "n"), [("财政局", "1"), ("abc", "100")])
    assert lines == ["  name      n", "  财政局    1", "  abc     100"]
    assert {display_width(line) for line in lines} == {13}


def test_the_command_lines_after_a_build_run_as_they_are(sample_home: Home, root: Path) -> None:
    question, findings, site, explanation = next_steps(sample_home)
    assert site.partition("juesuan ")[2].split()[0] == "site"  # it would write: tests/python/test_report_site.py runs it
    for line in (question, findings, explanation):
        done = subprocess.run(line, shell=True, cwd=root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        assert "局" in done.stdout


def test_the_status_of_the_samples_counts_what_staging_holds(sample_home: Home) -> None:
    status = read_status(sample_home)
    with closing(duckdb.connect(sample_home.staging, read_only=True)) as connection:
        counts = connection.execute(
            "select (select count(*) from staging.staging.document), (select count(*) from staging.staging.amount)"
        ).fetchone()
    assert (sum(d.documents for d in status.disclosures), sum(d.amounts for d in status.disclosures)) == counts
    assert [b.status for b in status.builds] == ["passed"]
