"""A small folder of disclosures, a small project, and nights over them as a scheduler runs them: in a process of their own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import duckdb

from tests.python.conftest import ROOT

# A form as text: 合计 and its two parts, in 元.
DOCUMENT = """云岭省澜溪市{department}
{year}年度部门决算
支出决算表
部门：云岭省澜溪市{department}  {year}年度  金额单位：元
科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出
合计\t\t{total}.00\t{basic}.00\t{project}.00
201\t一般公共服务支出\t{total}.00\t{basic}.00\t{project}.00
"""
DEPARTMENTS = ("水务局", "体育局", "档案局")
Figure = tuple[str, int, str | None, str, Decimal]


def write_disclosure(folder: Path, department: str, basic: int, project: int, year: int = 2023) -> Path:
    """One disclosure; written again, it is a corrected one at the same path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{department}{year}.txt"
    values = {"department": department, "year": year, "total": basic + project, "basic": basic, "project": project}
    path.write_text(DOCUMENT.format(**values), encoding="utf-8")
    return path


def write_first(folder: Path) -> Path:
    """What lies there on the first night."""
    for number, department in enumerate(DEPARTMENTS, start=1):
        write_disclosure(folder, department, 100 * number, 10 * number)
    return folder


def write_second(folder: Path) -> Path:
    """What has happened by the second: 体育局 corrects its figures, 气象局 publishes."""
    write_disclosure(folder, "体育局", 200, 25)
    write_disclosure(folder, "气象局", 400, 40)
    return folder


def command(home: Path, folder: Path, *options: str) -> list[str]:
    """A night without reports: they are made from marts that a small project does not have."""
    asked = ["nightly", str(folder), "--workers", "1", "--no-reports", *options]
    return [sys.executable, "-m", "ingest", "--home", str(home), *asked]


def environment(project: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUESUAN_")}
    return kept | {"JUESUAN_PROJECT": str(project), "PYTHONPATH": str(ROOT)}


def run_night(home: Path, folder: Path, project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(home, folder, *options), env=environment(project), capture_output=True, text=True, check=False, timeout=900
    )


def figures(warehouse: Path) -> list[Figure]:
    """Every amount that a reader finds."""
    with closing(duckdb.connect(warehouse, read_only=True)) as connection:
        return connection.execute(
            "select department_key, fiscal_year, row_code, column_code, amount from marts.fct_reported_amount order by all"
        ).fetchall()


def content(home: Path) -> dict[str, str]:
    """The digests of the published marts, without our own times."""
    told: dict[str, str] = json.loads((home / "current" / "build.json").read_text(encoding="utf-8"))["content"]
    return told


def bytes_below(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file below a folder with its time of modification and its bytes, to see that nothing was touched."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def check_whole(home: Path) -> None:
    """The published build is finished, and each of its Parquet files is the one that its data package tells of."""
    current = home / "current"
    assert (current / "SUCCESS").is_file()
    package = json.loads((current / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        digest = hashlib.sha256((current / resource["path"]).read_bytes()).hexdigest()
        assert resource["hash"] == f"sha256:{digest}", resource["name"]
    assert not list(current.glob("*.wal"))
