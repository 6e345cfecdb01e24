"""The report site as a reader has it: opened from the folder in a real browser, on a desk, on a phone and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from reporting.site.naming import slug

CHROMIUM = Path("/usr/bin/chromium")
CITY = "云岭省澜溪市"
CULTURE = f"{CITY}文化和旅游局"
WITH_FINDING = f"{CULTURE}/2022/final_account/department"
# Axe would fetch the style sheet once more, which the policy of the pages forbids; and what is in order need not be told.
AXE = {"preload": False, "resultTypes": ["violations"]}
PAGES = {
    "overview": "index.html",
    "departments": "departments.html",
    "findings": "findings.html",
    "codes": "codes.html",
    "metrics": "metrics.html",
    "about": "about.html",
    "code": "code/functional-208.html",
    "department": f"department/{slug(f'{CITY}审计局')}.html",
    "disclosure": f"disclosure/{slug(WITH_FINDING)}.html",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"NO CHROMIUM: there is no {CHROMIUM}; the report site was not tried in a browser")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A page that fails its test for each error on the console and each request that leaves the folder."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    told: list[str] = []
    page.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("requestfailed", lambda request: told.append(f"failed: {request.url}"))
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else told.append(request.url))
    yield page
    page.close()
    assert told == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_page_loads_and_is_accessible_on_a_desk_and_on_a_phone(tab: Page, sample_site: Path, language: str) -> None:
    """Also nothing is wider than a phone of 360 px: tables scroll within their box."""
    for name, file in PAGES.items():
        tab.set_viewport_size({"width": 1280, "height": 900})
        tab.goto((sample_site / language / file).as_uri())
        found = Axe().run(tab, options=AXE)
        assert not found.response["violations"], f"{language} {name}: {found.generate_report()[:2000]}"
        tab.set_viewport_size({"width": 360, "height": 740})
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360, f"{language} {name} is wider than a phone"
        assert tab.evaluate("getComputedStyle(document.body).lineHeight") != "normal", "the style sheet was not loaded"


def test_no_short_word_or_name_breaks_between_characters(tab: Page, sample_site: Path) -> None:
    """On a phone and on a desk: a cell of up to 12 characters without a space or a stop is on one line."""
    broken = """() => [...document.querySelectorAll('table:not(.printed) :is(th, td)')]
      .filter(cell => cell.offsetParent && cell.childElementCount < 2 && /^[\\u4e00-\\u9fff]{2,12}$/.test(cell.innerText.trim()))
      .filter(cell => { const range = document.createRange(); range.selectNodeContents(cell);
        const bottoms = [...range.getClientRects()].map(box => box.bottom);
        return Math.max(...bottoms) - Math.min(...bottoms) > 12; })
      .map(cell => cell.innerText)"""
    for width in (390, 1280):
        tab.set_viewport_size({"width": width, "height": 900})
        for name, file in PAGES.items():
            tab.goto((sample_site / "zh" / file).as_uri())
            assert tab.evaluate(broken) == [], f"{name} at {width}"


def test_charts_on_a_phone_keep_their_size_and_scroll(tab: Page, sample_site: Path) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto((sample_site / "zh" / PAGES["department"]).as_uri())
    boxes = tab.locator("figure.chart .scroll")
    assert boxes.count() > 2
    for box in boxes.all():
        drawn, natural = box.evaluate("box => [box.firstElementChild.clientWidth, +box.firstElementChild.getAttribute('width')]")
        assert abs(drawn - natural) <= 1
        assert box.evaluate("box => box.scrollWidth >= box.firstElementChild.clientWidth - 1")


def test_dark_pages_keep_their_contrast(tab: Page, sample_site: Path) -> None:
    tab.emulate_media(color_scheme="dark")
    for name in ("overview", "disclosure"):
        tab.goto((sample_site / "zh" / PAGES[name]).as_uri())
        found = Axe().run(tab, options={**AXE, "runOnly": ["color-contrast"]})
        assert not found.response["violations"], f"{name}: {found.generate_report()[:2000]}"


def test_the_root_leads_to_the_chinese_overview_and_that_to_the_english_one(tab: Page, sample_site: Path) -> None:
    tab.goto((sample_site / "index.html").as_uri())
    tab.wait_for_url(re.compile(r"/zh/index\.html$"))
    tab.click("text=English")
    assert tab.url.endswith("/en/index.html")


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        (CULTURE, f"department/{slug(CULTURE)}.html"),
        ("国土资源局", f"department/{slug(f'{CITY}自然资源和规划局')}.html"),  # the name that it had until 2018
        ("普陀区 财政", f"department/{slug('上海市普陀区财政局')}.html"),
        ("财政 普陀", f"department/{slug('上海市普陀区财政局')}.html"),
        ("三公", "metrics.html#three_public_expenses"),
        ("reception", "metrics.html#official_reception"),
        ("2080505", "code/functional-2080505.html"),
        ("医疗卫生与计划生育支出", "code/functional-210.html"),  # the name that the code had until 2018
        ("30217", "code/economic-30217.html"),
    ],
)
def test_search_finds_by_name_former_name_and_code(tab: Page, sample_site: Path, typed: str, leads_to: str) -> None:
    tab.goto((sample_site / "zh" / "index.html").as_uri())
    tab.fill("#q", typed)
    first = tab.locator("#results a").first
    assert first.evaluate("link => decodeURIComponent(link.href)").endswith(f"/zh/{leads_to}")
    first.click()
    assert tab.locator("h1").count() == 1


def test_search_says_that_it_found_nothing(tab: Page, sample_site: Path) -> None:
    tab.goto((sample_site / "en" / "index.html").as_uri())
    tab.fill("#q", "没有这个部门")
    assert tab.inner_text("#found") == "Nothing found" and tab.locator("#results li").count() == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_a_finding_leads_to_the_printed_cell(tab: Page, sample_site: Path, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 740})
    tab.goto((sample_site / "zh" / "findings.html").as_uri())
    tab.click("tr[data-year='2022'][data-severity='last_digit']:has-text('52.73') td:last-child a")
    cell = tab.locator("td:target")
    assert cell.inner_text() == "52.73"
    assert cell.evaluate("cell => cell.matches('.flag')")
    box = cell.bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= width and 0 <= box["y"] <= 740
    cell.locator("a").click()
    finding = tab.locator("article:target")
    assert "52.71" in finding.inner_text()
    finding.locator("p a").click()
    assert tab.locator("td:target").inner_text() == "52.73"


def test_filters_narrow_the_findings(tab: Page, sample_site: Path) -> None:
    tab.goto((sample_site / "zh" / "findings.html").as_uri())
    rows = tab.locator("table.findings tbody tr:visible")
    assert rows.count() == 20
    tab.select_option("select[name=severity]", "wording")
    assert rows.count() == 2
    tab.select_option("select[name=severity]", "")
    tab.fill("input[name=department]", "财政局")
    tab.select_option("select[name=year]", "2023")
    assert [row.get_attribute("data-family") for row in rows.all()] == ["wording"]
    assert tab.inner_text("#shown") == "显示 1 / 20"


def test_without_javascript_all_is_reachable(browser: Browser, sample_site: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((sample_site / "zh" / "index.html").as_uri())
    assert "搜索需要 JavaScript" in page.inner_text("#search")
    page.click("nav >> text=发现的问题")
    assert page.locator("table.findings tbody tr:visible").count() == 20
    assert not page.is_visible("#filter")
    page.context.close()


def test_paper_has_the_forms_and_no_navigation(tab: Page, sample_site: Path) -> None:
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 720, "height": 1000})  # about A4
    tab.goto((sample_site / "zh" / PAGES["disclosure"]).as_uri())
    assert tab.is_visible("table.printed >> nth=0") and tab.is_visible("article.finding")
    for hidden in ("header nav", ".sources", ".skip", "details:not([open])"):
        assert not tab.is_visible(f"{hidden} >> nth=0")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 720
    assert tab.evaluate("[...document.querySelectorAll('.scroll')].every(box => box.scrollWidth <= box.clientWidth + 1)")
    assert len(tab.pdf(format="A4")) > 10_000
