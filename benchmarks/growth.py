"""How the cost of judging grows: the time of a build, without its tests, over more and more disclosures.

The rows of staging are copied under new names and years, not the files: departments that could exist, forty to a region,
each with a final account and a budget for five years, so that pairs of names and years are judged as well. A build
with the disclosures of the home alone tells the fixed cost of starting dbt and making each table.

    python benchmarks/growth.py HOME [--copies 100 1000 10000] [--folder FOLDER]

HOME is a warehouse with staging, such as warehouse-corpus. Prints seconds and peak memory for each number of copied
disclosures, what each disclosure costs beyond the fixed cost (it should not grow; the time of a core tells it on a busy
machine, too), and the growth of the costliest models. With --folder the builds are kept there, one folder a number.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import duckdb

from ingest.staging.frames import OF_DOCUMENTS

ROOT = Path(__file__).resolve().parents[1]

YEARS = 5  # that each department publishes
COSTLIEST = 5  # models in the table

# Places that do not exist, made as places are named; departments as counties have them. One body in forty has no region.
FIRST = "澄云清安永宁临平江兴东南新金龙凤青长海石广和泰德"
SECOND = "州河山阳川林溪浦源城泉岭湖门丰水昌康乡原陵港桥沙"
BODIES = (
    "财政局 教育局 民政局 司法局 审计局 统计局 公安局 水务局 农业农村局 自然资源和规划局 生态环境局 住房和城乡建设局 交通运输局 "
    "文化和旅游局 卫生健康委员会 应急管理局 市场监督管理局 医疗保障局 退役军人事务局 人力资源和社会保障局 发展和改革委员会 "
    "工业和信息化局 商务局 林业局 体育局 信访局 档案馆 图书馆 总工会 妇女联合会 残疾人联合会 科学技术协会 人民政府办公室 "
    "人大常委会办公室 政协办公室 行政审批服务管理局 城市管理局 疾病预防控制中心 不动产登记中心 职业技术学院"
)
WITHOUT_REGION = ("职业技术学院",)


@dataclass(frozen=True, slots=True)
class Department:
    """A made-up department; ``region`` is None where its name tells none."""

    name: str
    region: str | None


@dataclass(frozen=True, slots=True)
class Cost:
    """What one build took."""

    copies: int
    seconds: float
    cpu_seconds: float
    peak_mib: float
    documents: int
    amounts: int
    claims: int
    models: dict[str, float]

    @property
    def times(self) -> tuple[float, float]:
        return self.seconds, self.cpu_seconds


def departments(count: int) -> list[Department]:
    """So many departments, region after region."""
    made: list[Department] = []
    places = (f"{a}{b}" for b, a in product(SECOND, FIRST))
    for place in places:
        region = f"云岭省{place}县"
        for body in BODIES.split():
            if len(made) == count:
                return made
            made.append(Department(place + body, None) if body in WITHOUT_REGION else Department(region + body, region))
    raise ValueError(f"no more than {len(made)} departments can be named")


def plan(disclosures: list[tuple[str, str, int, list[str]]], copies: int) -> list[tuple[str, str | None, int, str]]:
    """What to copy: name, region and year of each copy, and the document that it is of.

    Departments take turns with the final accounts and the budgets of the home, each kind by itself.
    """
    kinds = [[d for d in disclosures if d[1] == kind] for kind in ("final_account", "budget")]
    kinds = [of_kind for of_kind in kinds if of_kind]
    each = YEARS * len(kinds)
    planned: list[tuple[str, str | None, int, str]] = []
    for number, department in enumerate(departments(-(-copies // each))):
        slots = [(of_kind[number % len(of_kind)], back) for back in range(YEARS) for of_kind in kinds]
        for (_key, _kind, year, documents), back in slots[: copies - number * each]:
            planned += [(department.name, department.region, year - back, document) for document in documents]
    return planned


def generate(home: Path, staging: Path, copies: int) -> None:
    """Staging with the rows of the home and those of the copies, each table in one statement."""
    with closing(duckdb.connect(str(home / "current" / "warehouse.duckdb"), read_only=True)) as published:
        disclosures = published.execute(
            """
            select disclosures.disclosure_key, disclosures.disclosure_kind, disclosures.fiscal_year,
                list(documents.document_id order by documents.document_id)
            from marts.dim_document as documents inner join marts.dim_disclosure as disclosures using (disclosure_key)
            group by all order by all
            """
        ).fetchall()
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{home / 'staging.duckdb'}' as original (read_only)")
        connection.execute(f"attach '{staging}' as copied")
        connection.execute("create schema copied.staging")
        connection.execute(
            "create temp table plan (name varchar, region varchar, year integer, original varchar, document varchar)"
        )
        names, regions, years, originals = zip(*plan(disclosures, copies), strict=True) if copies else ((), (), (), ())
        connection.execute(
            """
            insert into plan select *, sha256(name || year || original)
            from (select unnest(?) as name, unnest(?) as region, unnest(?) as year, unnest(?) as original)
            """,
            [list(names), list(regions), list(years), list(originals)],
        )
        key = "plan.document as document_id"
        named = f"""{key}, plan.name || '/' || t.file_name as file_path, plan.name as department_name, plan.region as region,
            plan.year as fiscal_year"""
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'original' and schema_name = 'staging' order by all"
        ).fetchall()
        for (table,) in tables:
            copied = f"""
                union all
                select t.* replace ({named if table == "document" else key})
                from original.staging.{table} as t inner join plan on t.document_id = plan.original
            """
            if table not in OF_DOCUMENTS:
                copied = ""
            connection.execute(f"create table copied.staging.{table} as select * from original.staging.{table} {copied}")


def build(staging: Path, folder: Path, threads: int | None) -> tuple[float, float, float]:
    """Run dbt without tests. Returns seconds, seconds of all cores, and the most memory that the process held, in MiB."""
    environment = {
        **os.environ,
        "JUESUAN_STAGING": str(staging),
        "JUESUAN_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    command = [str(Path(sys.executable).with_name("dbt")), "build", "--quiet"]
    command += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    command += ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    if threads:
        command += ["--threads", str(threads)]
    started, used = time.perf_counter(), _cpu_of_children()
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    if process.wait() != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    seconds = time.perf_counter() - started
    watcher.join()
    return seconds, _cpu_of_children() - used, peak[0]


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            held = next((line for line in status.read_text().splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
        except OSError:  # not Linux, or gone
            return
        peak[0] = max(peak[0], int(held.split()[1]) / 1024)
        time.sleep(0.2)


def measure(home: Path, folder: Path, copies: int, threads: int | None) -> Cost:
    """Generate, build and weigh one number of copies in an empty folder."""
    staging = folder / "staging.duckdb"
    generate(home, staging, copies)
    seconds, cpu, peak = build(staging, folder, threads)
    results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    models = {r["unique_id"].rpartition(".")[2]: r["execution_time"] for r in results if r["unique_id"].startswith("model.")}
    with closing(duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)) as warehouse:
        counts = [
            warehouse.execute(f"select count(*) from marts.{table}").fetchall()[0][0]
            for table in ("dim_document", "fct_reported_amount", "fct_narrative_claim")
        ]
    return Cost(copies, seconds, cpu, peak, *counts, models)


def growth(costs: list[Cost]) -> str:
    """The costliest models of the largest build: seconds, and milliseconds for each disclosure beyond the first build."""
    first, *more = costs
    names = sorted(costs[-1].models, key=lambda name: -costs[-1].models[name])[:COSTLIEST]
    width = max(map(len, names))
    lines = ["".ljust(width) + "".join(f"{cost.copies:>22,}" for cost in costs)]
    for name in names:
        cells = [f"{first.models[name]:20.2f} s"]
        for cost in more:
            each = 1000 * (cost.models[name] - first.models[name]) / cost.copies
            cells.append(f"{cost.models[name]:10.2f} s {each:6.2f} ms")
        lines.append(name.ljust(width) + "".join(cells))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--copies", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--threads", type=int, help="as many models at once; else what the profile says")
    options = parser.parse_args()
    costs: list[Cost] = []
    for copies in [0, *sorted(options.copies)]:
        with tempfile.TemporaryDirectory() as name:
            folder = options.folder / str(copies) if options.folder else Path(name)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            cost = measure(options.home, folder, copies, options.threads)
        each = "the fixed cost"
        if costs:
            elapsed, used = ((now - then) * 1000 / copies for now, then in zip(cost.times, costs[0].times, strict=True))
            each = f"{elapsed:.1f} ms for each copy, {used:.1f} ms of a core"
        print(
            f"{copies:6,} copies: {cost.seconds:7.1f} s, {cost.cpu_seconds:7.1f} s of a core, {cost.peak_mib:7,.0f} MiB,"
            f" {cost.documents:,} documents, {cost.amounts:,} amounts, {cost.claims:,} claims; {each}",
            flush=True,
        )
        costs.append(cost)
    print(f"\nThe costliest models:\n{growth(costs)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
