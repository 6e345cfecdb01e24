"""The notebooks as scripts on the samples, and one as an app in a real browser."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import marimo as mo
import pytest

from ingest.home import Home
from reporting import notebook

NOTEBOOKS = (
    "compare_departments",
    "department_profile",
    "budget_against_outcome",
    "structure_of_expenditure",
    "three_public_expenses",
    "disclosure_quality",
)
LAND = "云岭省澜溪市自然资源和规划局"
FINANCE = "云岭省澜溪市财政局"
CULTURE = "云岭省澜溪市文化和旅游局"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# marimo asks nobody for news of itself.
QUIET = {**os.environ, "MARIMO_SKIP_UPDATE_CHECK": "1", "DO_NOT_TRACK": "1"}

Run = Callable[..., str]


@pytest.fixture
def run(root: Path, sample_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a notebook with parameters, as the command line does, and gives the Markdown that it prints."""

    def running(name: str, *parameters: str, home: Path = sample_home.path) -> str:
        path = root / "notebooks" / f"{name}.py"
        monkeypatch.setattr(sys, "argv", [str(path), "--", "--warehouse", str(home), *parameters])
        specification = importlib.util.spec_from_file_location(f"notebook_{name}", path)
        assert specification is not None
        assert specification.loader is not None
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        module.app.run()
        return capsys.readouterr().out

    return running


def block(text: str, title: str) -> str:
    """What stands under a heading of the second level."""
    found = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found, f"no heading {title!r} among {re.findall('^## .*', text, re.M)}"
    return found[1]


def row(text: str, first: str) -> list[str]:
    """The cells of the first table row that begins with a text."""
    return next(
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith(f"| {first} |")
    )


def test_each_notebook_shows_what_it_shows_with_its_sql(run: Run) -> None:
    for name in NOTEBOOKS:
        text = run(name)
        titles = re.findall(r"^## .*", text, re.M)
        assert len(titles) >= 3, name
        assert text.count("```sql\n") == len(titles), f"{name}: a block without its SQL"
        assert "模拟数据" in text, f"{name} does not say that the samples are simulated"
        assert "没有数据" not in text, name


def test_departments_are_compared_and_missing_years_are_dashes(run: Run) -> None:
    text = run("compare_departments", "--department", f"{FINANCE},{CULTURE}")
    totals = block(text, "本年支出合计")
    assert "| 金额（万元） | 2017 | 2018 | 2019 | 2020 | 2021 | 2022 | 2023 | 2024 |" in totals
    assert row(totals, f"{FINANCE}（模拟）")[1:3] == ["2,323.27", "2,586.37"]
    assert row(totals, f"{CULTURE}（模拟）")[1:4] == ["—", "—", "1,882.12"]
    assert "2019: 云岭省澜溪市文化和旅游局 并入：云岭省澜溪市旅游发展委员会" in totals
    # 2,586.37 is 11.3 % more than 2,323.27, and of a merger's first year there is no growth.
    growth = block(text, "支出增长率")
    assert row(growth, f"{FINANCE}（模拟）")[1] == "11.3"
    assert row(growth, f"{CULTURE}（模拟）")[2] == "—"


def test_departments_are_compared_by_any_metric(run: Run) -> None:
    text = run("compare_departments", "--department", LAND, "--metric", "basic_share", "--language", "en")
    shares = block(text, "Share of basic expenditure")
    # 基本支出 30,514,784.62 of 64,558,473.13.
    assert "| % | 2017 |" in shares
    assert row(shares, f"{LAND} (simulated)")[6] == "47.3"


def test_the_profile_tells_the_figures_of_its_year(run: Run) -> None:
    text = run("department_profile", "--department", LAND, "--year", "2022")
    figures = block(text, "2022 年主要指标")
    assert row(figures, "本年支出合计")[1:3] == ["6,455.85", "万元"]
    assert row(figures, "预算执行率")[1:3] == ["98.8", "%"]
    assert row(figures, "实有人数")[1] == "152"
    flow = block(text, "2022 年：钱从哪里来，到哪里去")
    assert "| 收入 | 政府性基金预算财政拨款收入 | 2,794.69 | 4 |" in flow
    assert "| 支出 | 总计 | 6,694.31 | 4 |" in flow
    findings = block(text, "不一致之处")
    line = next(line for line in findings.splitlines() if "| 64558473.13 |" in line)
    assert line.startswith("| 2022 | 决算 | 尾数不符 | 合计 | 64558473.13 | 64,558,473.12 |")
    # Page 7, table 1, row 3, column 5.
    assert line.endswith(f"| {LAND}2022年度部门决算.pdf | 7 | 1 | 3 | 5 |")
    # A figure of the prose stands in a line of its page, not in a row of a table.
    assert f"| {LAND}2024年度部门决算.pdf | 17 | — | 19 | — |" in findings
    # "各无增减变化": of a change that a sentence tells, the warehouse has the direction alone.
    assert "| 持平 |" in block(run("disclosure_quality", "--department", FINANCE), "不一致之处")


def test_a_figure_leads_to_file_page_and_row(run: Run, sample_home: Home) -> None:
    text = run("department_profile", "--department", LAND, "--year", "2022")
    sources = block(text, "2022 年主要指标").split("### 出处")[1]
    place = next(line for line in sources.splitlines() if line.startswith("| 2022 | 决算 | 本年支出合计 |"))
    # Page 7, table 1, row 3, column 5: where rpt_finding says that it stands.
    assert f"| 64,558,473.13 | {LAND}2022年度部门决算.pdf | 7 | 1 | 3 | 5 | 64558473.13 | 元 |" in place
    command = place.strip("| ").split("|")[-1].strip()
    explained = subprocess.run(
        [sys.executable, "-m", "ingest", *shlex.split(command)[1:]], capture_output=True, text=True, check=True, env=QUIET
    ).stdout
    assert "page 7, table 1, row 3, column 5" in explained


def test_the_sql_of_a_block_gives_the_figure_when_pasted(run: Run, sample_home: Home) -> None:
    import duckdb

    text = run("budget_against_outcome", "--department", LAND)
    sql = re.findall(r"```sql\n(.*?)```", block(text, "支出预算与决算（万元）"), re.S)[0]
    with duckdb.connect(str(sample_home.warehouse), read_only=True) as connection:
        by_year = {year: rest for year, *rest in connection.execute(sql).fetchall()}
    assert [str(value) for value in by_year[2022][:2]] == ["65364600.000000", "64558473.130000"]


def test_a_year_without_a_budget_has_no_execution_rate_and_says_why(run: Run) -> None:
    text = run("budget_against_outcome", "--department", LAND, "--year", "2022")
    both = block(text, "支出预算与决算（万元）")
    assert row(both, "2022")[1:4] == ["6,536.46", "6,455.85", "98.8"]
    assert row(both, "2021")[1:4] == ["—", "6,573.36", "—"]
    assert row(both, "2021")[4] == "未知：本年支出合计（预算）"
    assert row(block(text, "2022 年按功能分类（万元）"), "220")[2:] == ["2,772.90", "2,840.89"]
    assert row(block(text, "“三公”经费预算与决算（万元）"), "2022")[1:] == ["41.20", "31.66"]


def test_breaks_of_both_classifications_are_told(run: Run) -> None:
    text = run("structure_of_expenditure", "--department", LAND)
    functions = block(text, "历年支出按功能分类（类）")
    assert (
        "2019: 科目更名：210 医疗卫生与计划生育支出 → 卫生健康支出；220 国土海洋气象等支出 → 自然资源海洋气象等支出" in functions
    )
    assert row(functions, "220 自然资源海洋气象等支出")[1:3] == ["2,478.11", "2,655.82"]
    assert "2018: 支出经济分类改革：" in block(text, "历年一般公共预算基本支出按经济分类（类）")
    assert row(block(text, "2024 年支出按功能分类（类）"), "220")[2:] == ["3,102.20", "50.6"]


def test_three_public_expenses_over_time_and_compared(run: Run) -> None:
    text = run("three_public_expenses", "--department", f"{LAND},{FINANCE}", "--year", "2022")
    assert row(block(text, "历年“三公”经费"), f"{LAND}（模拟）")[6] == "31.66"
    # 316,580.89 元 over the 152 people that the prose states.
    assert row(block(text, "人均“三公”经费"), f"{LAND}（模拟）")[6] == "2,082.77"
    ranking = block(text, "2022 年“三公”经费比较")
    names = [line.split("|")[1].strip() for line in ranking.split("```")[0].splitlines() if line.startswith("| ")][2:]
    assert names[0] == f"{LAND}（模拟）"
    assert "晋城市行政审批服务管理局" in names, "a real department is not called simulated"


def test_quality_counts_findings_and_coverage(run: Run, sample_home: Home) -> None:
    text = run("disclosure_quality", "--department", LAND)
    quality = block(text, "每份公开的质量")
    assert row(quality, "2020")[1:7] == ["决算", "9", "8", "0", "1", "state_capital"]
    assert "不计跨文件的" in quality
    # 64 of 114 stated figures are 56.14 percent, and 103 of 104 identities 99.04.
    other = row(block(run("disclosure_quality", "--department", "澜溪市审计局"), "每份公开的质量"), "2021")
    assert (other[11:13], other[14]) == (["114", "64"], "56.1")
    assert "the table of contents lists 国有资本经营预算财政拨款收入支出决算表" in block(text, "不一致之处")


def test_what_a_department_has_not_published_is_said_in_words(run: Run) -> None:
    text = run("budget_against_outcome", "--department", "上海市普陀区财政局")
    assert "模拟" not in text
    assert row(block(text, "支出预算与决算（万元）"), "2024")[1] == "—"
    assert "All that could be checked agrees" in run(
        "disclosure_quality", "--department", "上海市普陀区财政局", "--language", "en"
    )
    # It prints no number of staff, and one year alone has no growth.
    text = run("compare_departments", "--department", "上海市普陀区财政局", "--metric", "staff", "--language", "en")
    assert "There is no data on this." in block(text, "Staff")


def test_a_script_writes_one_page_that_needs_nothing_else(run: Run) -> None:
    page = run("department_profile", "--department", LAND, "--year", "2022", "--format", "html")
    assert page.startswith('<!doctype html><html lang="zh-CN">')
    assert page.count("<svg ") == 4
    assert "6,455.85" in page
    assert set(re.findall(r"https?://[^\"'<> ]+", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<script|<link|<img|@import", page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_warehouse_of_another_version_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(str(tmp_path / "old.duckdb")) as connection:
        connection.execute("create schema marts; create table marts.dim_department (department_key varchar)")
    with pytest.raises(SystemExit, match="build it again") as ended:
        run("department_profile", home=tmp_path / "old.duckdb")
    assert "\n" not in str(ended.value)


def test_a_unit_is_shown_by_its_own_disclosures(run: Run) -> None:
    text = run("department_profile", "--department", "云岭省澜溪市不动产登记中心", "--language", "en")
    assert "Simulated data" in text
    assert "| Total expenditure |" in block(text, "Key figures of 2024")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (["--department", "省教育厅"], "no department is called '省教育厅'; the nearest names are: "),
        (["--department", "澜溪市"], "is part of the names of"),
        (["--department", LAND, "--year", "1999"], "--year 1999: there is 2024, 2023"),
        (["--language", "fr"], "--language fr: there is zh, en"),
        (["--kind", "foo"], "--kind foo: there is final_account, budget"),
        (["--scope", "foo"], "--scope foo: there is department, unit"),
        (
            ["--departement", LAND],
            "there is no parameter --departement; known are --department, --year, --kind, --scope, --warehouse, --language",
        ),
    ],
)
def test_a_parameter_that_means_nothing_is_told_in_one_line(run: Run, parameters: list[str], message: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run("department_profile", *parameters)
    assert message in str(ended.value)
    assert "\n" not in str(ended.value)


def test_help_tells_the_parameters_of_a_notebook_and_nothing_else(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("compare_departments", "--help")
    assert not ended.value.code
    told = [line.split(maxsplit=1)[0] for line in capsys.readouterr().out.splitlines()]
    assert told == ["--department", "--metric", "--kind", "--scope", "--warehouse", "--language", "--format"]


def test_each_notebook_names_the_parameters_that_it_has(root: Path) -> None:
    """Each example at the head of a notebook would be refused if it named another."""
    for name in NOTEBOOKS:
        text = (root / "notebooks" / f"{name}.py").read_text(encoding="utf-8")
        opened = re.search(r"open_page\((.*?)\)", text)
        assert opened
        own = set(re.findall(r'"(\w+)"', opened[1]))
        assert own <= notebook.PARAMETERS.keys(), name
        shown = set(re.findall(r"--(\w+)", text.split('"""')[1]))
        assert shown <= {*own, *notebook.OF_ALL}, name


def test_an_app_shows_what_it_cannot_answer() -> None:
    with pytest.raises(mo.MarimoStopError) as stopped, notebook.told(is_script=False):
        notebook.refuse_unknown({"departement": "X"}, ["department"])
    assert "there is no parameter --departement; known are --department" in stopped.value.output.text


def test_a_notebook_runs_from_the_command_line_and_fails_there_in_one_line(root: Path, sample_home: Home, tmp_path: Path) -> None:
    script = [sys.executable, str(root / "notebooks" / "department_profile.py"), "--"]
    done = subprocess.run(
        [*script, "--warehouse", str(sample_home.path), "--department", "普陀区财政局", "--language", "en"],
        capture_output=True, text=True, check=False, cwd=tmp_path, env=QUIET,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# 上海市普陀区财政局: profile\n")
    assert not list(tmp_path.iterdir()), "it writes nothing"
    failed = subprocess.run(
        [*script, "--warehouse", "nowhere"], capture_output=True, text=True, check=False, cwd=tmp_path, env=QUIET
    )
    assert failed.returncode == 1
    assert failed.stderr.startswith("department_profile.py: no published warehouse at nowhere")
    assert failed.stderr.count("\n") == 1


# --- the app


@pytest.fixture(scope="module")
def app_address(root: Path, sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The profile as an app, served on this machine alone."""
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM: the notebook as an app was not tried")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # marimo keeps its notes in the user's folder: here that is a folder of the test.
    home = tmp_path_factory.mktemp("user")
    log = home / "app.log"
    with log.open("w") as stream:
        command = ["-m", "marimo", "run", str(root / "notebooks" / "department_profile.py"), "--headless", "--no-token"]
        command += ["--host", "127.0.0.1", "--port", str(port), "--", "--warehouse", str(sample_home.path), "--department", LAND]
        environment = {**QUIET, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_STATE_HOME": str(home)}
        server = subprocess.Popen([sys.executable, *command], stdout=stream, stderr=stream, cwd=home, env=environment)
        try:
            deadline = time.monotonic() + 60
            while not _listens(port):
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(timeout=30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_profile_is_an_app_that_stays_on_this_machine(app_address: str, root: Path) -> None:
    from playwright.sync_api import expect, sync_playwright

    errors: list[str] = []
    requests: list[str] = []
    expect.set_options(timeout=60_000)  # on a busy machine
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(app_address)
        page.set_default_timeout(60_000)

        expect(page.locator("h1.juesuan-title")).to_have_text(f"{LAND}（模拟）：概况")
        expect(page.get_by_text("模拟数据", exact=False).first).to_be_visible()
        charts = page.locator("svg[role=img]")
        expect(charts).to_have_count(4)
        assert "金额（万元）" in charts.nth(0).inner_html()
        assert "政府性基金预算财政拨款收入" in charts.nth(1).inner_html()
        assert "自然资源海洋气象等支出" in charts.nth(2).inner_html()
        expect(page.locator("table").first).to_contain_text("6,130.78")

        # The source of a figure is one click away, and so is its SQL.
        sources = page.locator("details", has_text="出处").first
        expect(sources.locator("table")).to_be_hidden()
        sources.locator("summary").click()
        expect(sources.locator("table")).to_contain_text(f"{LAND}2024年度部门决算.pdf")
        page.locator("details", has_text="SQL").first.locator("summary").click()
        expect(page.locator("pre").first).to_contain_text("from marts.fct_metric")

        # Another year, another department, another language.
        page.get_by_label("年度").select_option("2022")
        expect(page.locator("table").first).to_contain_text("6,455.85")
        page.get_by_label("部门").click()
        page.get_by_role("option", name=f"{FINANCE}（模拟）").click()
        expect(page.locator("h1.juesuan-title")).to_have_text(f"{FINANCE}（模拟）：概况")
        expect(page.locator("table").first).to_contain_text("3,188.19")
        page.get_by_label("语言 Language").select_option("English")
        expect(page.locator("h1.juesuan-title")).to_have_text(f"{FINANCE} (simulated): profile")
        browser.close()
    assert not errors, errors
    outside = [url for url in requests if not re.match(r"(?:https?|ws)://127\.0\.0\.1:|data:|blob:", url)]
    assert not outside, outside
