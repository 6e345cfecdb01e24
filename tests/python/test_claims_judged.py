"""Stated figures against the forms: what publishers got wrong in real documents and in the samples, and nothing else."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from tests.python.test_corpus import rows

INCONSISTENT = """
    select d.file_name, c.claim_kind, c.check_name, c.severity, c.value_text, c.percent_text, c.source_page
    from marts.fct_narrative_claim as c
    inner join marts.dim_document as d on c.document_id = d.document_id
    where c.status = 'inconsistent'
"""

# Looked up on the page, each of them. The second figure is what the forms, or the figures of the sentence, give.
FOUND_IN_THE_CORPUS = {
    # The form prints 2961.68; 2106.66 of 2940.05 is 71.65 percent.
    ("上海市普陀区财政局2024年度部门决算.pdf", 21, "amount_in_form", "material", "0.3", None),
    ("上海市普陀区财政局2024年度部门决算.pdf", 21, "share_of_whole", "material", "2106.66", "71.73"),
    # Basic expenditure and personnel of all funds (5364.75 and 4884.09 of the general budget); two rates cut off, not rounded.
    ("上海市普陀区规划和自然资源局2024年度部门决算.pdf", 24, "amount_in_form", "material", "5377.64", None),
    ("上海市普陀区规划和自然资源局2024年度部门决算.pdf", 24, "amount_in_form", "material", "4896.98", None),
    ("上海市普陀区规划和自然资源局2024年度部门决算.pdf", 21, "share_of_whole", "last_digit", "9746.50", "99.86"),
    ("上海市普陀区规划和自然资源局2024年度部门决算.pdf", 21, "rate_of_completion", "last_digit", "9746.50", "95.45"),
    # Items and sections called otherwise than in the forms.
    ("上海市普陀区规划和自然资源局2024年度部门决算.pdf", 22, "names_in_form", "material", "0.88", None),
    ("上海市普陀区规划和自然资源局2024年度部门决算.pdf", 24, "names_in_form", "material", "45.00", None),
    ("上海市普陀区规划和自然资源局2024年度部门决算.pdf", 24, "names_in_form", "material", "289.59", None),
    ("上海市普陀区规划和自然资源局2024年度部门决算.pdf", 24, "names_in_form", "material", "171.49", None),
    # 46 + 94 are 140; 99.83, 100.00 and 239.51 percent; 7,062,862.35 of 7,066,200.
    ("晋城市行政审批服务管理局2022年度部门决算公开.txt", 1, "parts_of_count", "material", "139", None),
    ("晋城市行政审批服务管理局2022年度部门决算公开.txt", 1, "share_of_whole", "material", "29,029,236.59", "100.00"),
    ("晋城市行政审批服务管理局2022年度部门决算公开.txt", 1, "rate_of_completion", "material", "71,920.57", "0.00"),
    ("晋城市行政审批服务管理局2022年度部门决算公开.txt", 1, "share_of_whole", "material", "29538700", "77.56"),
    ("晋城市行政审批服务管理局2022年度部门决算公开.txt", 1, "rate_of_completion", "material", "7062862.35", "99.99"),
    # 增长13.95。; the total with what is left over for what was spent (29,079,236.59); 20 projects, one is not described.
    ("上海市普陀区规划和自然资源局2024年度部门决算.pdf", 21, "percent_sign", "material", "9746.50", "13.95"),
    ("晋城市行政审批服务管理局2022年度部门决算公开.txt", 1, "executed_amount", "material", "29,169,704.02", None),
    ("晋城市行政审批服务管理局2022年度部门决算公开.txt", 1, "projects_described", "material", "20", None),
    # The amount of the line before printed again (220.63 in the form); the figure of a year before (350.35 in the form).
    ("上海市普陀区人民政府万里街道办事处23年预算.pdf", 7, "amount_in_form", "material", "441.25", None),
    ("上海市普陀区人民政府万里街道办事处24年预算.pdf", 9, "amount_in_form", "material", "352.67", None),
    # By the two figures of the sentence: 232.79 and 1.19 percent for the amounts above, 289.12 from 11.67 to 45.41.
    ("上海市普陀区人民政府万里街道办事处23年预算.pdf", 7, "change_from_stated_figure", "material", "441.25", "60.54"),
    ("上海市普陀区人民政府万里街道办事处24年预算.pdf", 9, "change_from_stated_figure", "material", "352.67", "0.53"),
    ("上海市普陀区人民政府万里街道办事处23年预算.pdf", 6, "change_from_stated_figure", "material", "45.41", "314.82"),
    # 1557.29 on 128.43 is a growth of 1212.56 percent; 1685.72 of 15897.44 is 10.60 percent.
    ("江苏省人大办公厅__省人大办公厅2018预算公开.pdf", 21, "rate_of_change", "material", "1685.72", "1312.56"),
    ("江苏省人大办公厅__省人大办公厅2018预算公开.pdf", 22, "share_of_whole", "last_digit", "1685.72", "10.61"),
    # Divided by 三公, 会议费 and 培训费 together: 26.69, 22.02 and 51.28 of 三公经费.
    ("江苏省人大办公厅__江苏省人大办公厅2017年度预算公开.pdf", 28, "share_of_whole", "material", "222.5", "8.75"),
    ("江苏省人大办公厅__江苏省人大办公厅2017年度预算公开.pdf", 28, "share_of_whole", "material", "183.6", "7.22"),
    ("江苏省人大办公厅__江苏省人大办公厅2017年度预算公开.pdf", 28, "share_of_whole", "material", "427.5", "16.81"),
    # 人大事务行政运行: the figure of the section; the form prints 4545.94 for the item.
    ("江苏省人大办公厅__江苏省人大办公厅2017年度预算公开.pdf", 26, "amount_in_form", "material", "10528.33", None),
    # 2233.13 of 3348.98 is 66.68 percent.
    ("江苏省政协办公厅__江苏省政协办公厅2018年度部门预算.pdf", 15, "rate_of_change", "last_digit", "1,115.85", "66.69"),
}  # fmt: skip


def test_the_publishers_mistakes_in_the_corpus_are_found_and_no_other(corpus_home: Home) -> None:
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        found = connection.execute(INCONSISTENT).fetchall()
    assert {(file, page, check, severity, value, percent) for file, _, check, severity, value, percent, page in found} == (
        FOUND_IN_THE_CORPUS
    )


def test_the_mistakes_planted_in_sentences_are_found_and_no_other(
    sample_warehouse: duckdb.DuckDBPyConnection, root: Path
) -> None:
    """Those that only another year's document shows belong to the comparison of years."""
    across_years = {"false_flat", "wrong_prior", "wrong_direction"}
    planted = [m for m in rows(root / "samples" / "expected" / "planted_mistakes.csv") if m["where"] == "claim"]
    expected = {
        (m["file_name"], int(m["page"]), Decimal(m["printed"].rpartition("增长")[2].rstrip("%")))
        for m in planted
        if m["kind"] not in across_years
    }
    found = sample_warehouse.execute(
        "select file_name, source_page, claim_kind, value_text, percent_text from (" + INCONSISTENT + ")"
    ).fetchall()
    stated = {
        (file, page, Decimal((percent if kind != "amount" else value).replace(",", "")))
        for file, page, kind, value, percent in found
    }
    assert stated == expected


@pytest.mark.parametrize(("claim_kind", "share"), [("share", Decimal("0.85")), ("completion", Decimal("0.5"))])
def test_most_shares_and_completions_can_be_judged(corpus_home: Home, claim_kind: str, share: Decimal) -> None:
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        row = connection.execute(
            "select count(*) filter (status <> 'not_evaluated'), count(*) from marts.fct_narrative_claim where claim_kind = ?",
            [claim_kind],
        ).fetchone()
    assert row is not None
    assert Decimal(row[0]) / row[1] >= share


def test_what_could_not_be_judged_says_why(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    silent = sample_warehouse.execute(
        "select count(*) from marts.fct_narrative_claim where reason is null or (status = 'consistent' and check_name is null)"
    ).fetchone()
    assert silent == (0,)


def test_an_unbound_claim_names_what_comes_nearest(corpus_home: Home) -> None:
    """A cell with the same amount, with form, page and row; else the row of a like name; else it says that there is none."""
    with closing(duckdb.connect(corpus_home.warehouse, read_only=True)) as connection:
        kinds = connection.execute(
            """
            select
                count(*) filter (reason like '%(page %) prints this amount for %'),
                count(*) filter (reason like '%the row most like it is % of % (page %)'),
                count(*) filter (reason like '%no row resembles it'),
                count(*)
            from marts.fct_narrative_claim
            where check_name is null
            """
        ).fetchone()
    assert kinds is not None
    assert kinds[0] > 200 and kinds[1] > 100
    assert sum(kinds[:3]) == kinds[3]
