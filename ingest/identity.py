"""Who published what, for which year: settled from the document's own words, with the file name as a witness only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ingest.catalogue import Catalogue
from ingest.document import Document
from ingest.forms.read import ReadForms
from ingest.parsed import Disclosure, Notice, Rejected, Witness
from ingest.text import fold, squash

FIRST_YEAR, LAST_YEAR = 2000, 2100
COVER_LINES = 12
LONGEST_HEADING = 60  # characters
# How much each source weighs when they disagree: a cover is written for this document, form heads are filled by the
# accounting system, headings are often copied from last year, and a file can be renamed by anyone.
_WEIGHT = {"cover": 6, "form_head": 4, "heading": 1}
_HEADING_ENDS = ("决算表", "预算表", "情况说明", "概况", "决算", "预算", "公开")

_SUBJECT = re.compile(
    r"(?P<name>.*?)(?P<year>20\d\d)年?(?:度|财政年度)?(?P<between>(?:部门|单位|本级|省级|市级|区级|县级|汇总|综合|（部门）|（单位）)*)(?P<kind>决算|预算)"
)
_NAME_LAST = re.compile(r"(?P<year>20\d\d)年?度?(?P<name>.{4,40}?)(?P<between>部门|单位)(?P<kind>决算|预算)")
_BEFORE_NAME = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+(?:部分|章)|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|附件\d*|关于|公开|\d+[、.．]|目录|[#*]+)[：:]?"
)
_CODE_BEFORE_NAME = re.compile(r"^\d{3,}[-—_]?")
_BEFORE_TITLE = re.compile(r"(?P<name>.*?)(?:20\d\d年?度?)?(?:部门|单位)?")
_YEAR_IN_PROSE = re.compile(r"(?<!与)(?<!比)(?P<year>20\d\d)年度(?!相比|相较|比)")
_NAME_IN_PROSE = re.compile(
    r"(?P<name>[\u4e00-\u9fff（）]{4,40}?)(?:部门（单位）|部门|单位)?20\d\d年?度?(?:部门|单位|本级)?(?:收入|支出|收支|财政拨款|一般公共预算|预算|决算)"
)
_SHORT_NAME = re.compile(r"[省市区县我本]|纳入|列入|与|比|较")
_YEAR_IN_HEAD = re.compile(r"(?P<year>20\d\d)年度?")
_PLACE = re.compile(
    r"^(?P<province>[\u4e00-\u9fff]{2,3}省|[\u4e00-\u9fff]{2,8}?自治区|(?:北京|天津|上海|重庆)市)?"
    r"(?P<city>[\u4e00-\u9fff]{2,4}?市|[\u4e00-\u9fff]{2,10}?自治州|[\u4e00-\u9fff]{2,4}?(?:地区|盟))?"
    r"(?P<county>[\u4e00-\u9fff]{1,5}?(?:新区|林区|自治县|自治旗|区(?!域|划)|县(?!级)|旗)|[\u4e00-\u9fff]{2,3}市(?!场|政|容))?"
)
# What downloads put in front of a file's name.
_SERIAL = re.compile(r"^[A-Za-z0-9_\-.]+(?=[^A-Za-z0-9_\-.年])")
# What can follow 部门： when the name itself is left out.
_NO_NAME = re.compile(r"金额|单位|部门|公开|编制|填报|20\d\d|第|元|万元|人民币")
# What a name must end in to be one: guards against taking the start of a sentence for a department.
_BODY = re.compile(
    r"(?:厅|局|委|委员会|办公室|办|院|会|处|中心|队|所|站|馆|校|园|学院|大学|政府|街道|镇|乡|部|团|社|公司|联合会|总队|支队|法院|检察院|集团|协会|总工会|基地|台|机关|纪委监委|组|署|户|场|司|行|服务区|开发区|管委会|学|海关|银行|基金会|学会|机场|报|(?:（[^）]*）))$"
)


def find_identity(
    document: Document, forms: ReadForms, path: Path, catalogue: Catalogue
) -> tuple[Disclosure, tuple[Witness, ...], tuple[Notice, ...]]:
    """Settle the identity of a disclosure and name the witnesses for and against.

    Raises :class:`Rejected` if no department or year is printed.
    """
    testimony = list(_testimony(document, forms.heads, path, catalogue))
    name = _settle(testimony, "department_name")
    year = _settle(testimony, "fiscal_year")
    kind = _settle(testimony, "disclosure_kind") or forms.kind
    if name is None or year is None:
        missing = "department" if name is None else "fiscal year"
        raise Rejected(
            "identity_unknown",
            f"nothing says its {missing}: neither cover, form heads, headings, prose nor file name",
            "check the first page; if it is a picture, run OCR",
        )
    scope = _settle(testimony, "reporting_scope") or "department"
    settled = {"department_name": name, "fiscal_year": year, "disclosure_kind": kind, "reporting_scope": scope}
    witnesses = tuple(
        Witness(attribute, value, source, _same(value, settled[attribute]), page, text)
        for attribute, value, source, page, text in _distinct(testimony)
    )
    notices = (*_disagreements(witnesses, settled), *_weakly_settled(witnesses, settled))
    simulated = any(catalogue.says_simulated(line.text) for page in document.pages for line in page.lines)
    return Disclosure(name, int(year), kind, scope, region_of(name), simulated), witnesses, notices


def _disagreements(witnesses: Iterable[Witness], settled: dict[str, str]) -> Iterator[Notice]:
    for w in witnesses:
        # Prose speaks of other years as a matter of course.
        if not w.agrees and w.source != "prose":
            message = f"{w.source} says {w.attribute} {w.value}, the document as a whole {settled[w.attribute]}"
            yield Notice("identity_disagreement", message, None, w.page)


def _weakly_settled(witnesses: Sequence[Witness], settled: dict[str, str]) -> Iterator[Notice]:
    """What neither cover nor form heads nor headings say, so that prose or the file name had to decide."""
    for attribute in ("department_name", "fiscal_year"):
        sources = {w.source for w in witnesses if w.attribute == attribute and w.agrees}
        if sources and not sources & {"cover", "form_head", "heading"}:
            message = f"{attribute} {settled[attribute]} is settled by {' and '.join(sorted(sources))} alone"
            yield Notice("identity_weak", message)


_Testimony = tuple[str, str, str, int | None, str]  # attribute, value, source, page, text


def _testimony(document: Document, heads: Sequence[tuple[int, str]], path: Path, catalogue: Catalogue) -> Iterator[_Testimony]:
    yield from _of_cover(document, catalogue)
    in_heads = {text for _, text in heads}
    for page in document.pages:
        for line in page.lines:
            text = fold(line.text)
            if len(text) <= LONGEST_HEADING and text.endswith(_HEADING_ENDS):
                yield from _subject(line.text, "heading", page.number)
            if line.text not in in_heads:
                yield from _of_prose(line.text, text, page.number)
    for number, text in heads:
        yield from _of_form_head(text, number, catalogue)
    yield from _of_file_name(path.stem)


def _of_prose(printed: str, folded: str, page: int) -> Iterator[_Testimony]:
    """Years, and the name that begins a line such as “某市某局2024年度收入、支出预算总计…”."""
    for year in _YEAR_IN_PROSE.finditer(folded):
        yield "fiscal_year", year["year"], "prose", page, printed
    found = _NAME_IN_PROSE.match(folded)
    if found is not None:
        name = clean_name(found["name"])
        # 省财政厅 and 我局 are short for a name that they do not give.
        if _BODY.search(name) and not _SHORT_NAME.match(name):
            yield "department_name", name, "prose", page, printed


def _of_file_name(stem: str) -> Iterator[_Testimony]:
    """The part of the name that names a disclosure; downloads put folders and serial numbers before it, joined by underscores."""
    parts = [part for part in re.split(r"_+", _SERIAL.sub("", stem)) if part]
    whole = list(_subject("".join(parts), "file_name", None))
    for part in reversed(parts):
        said = list(_subject(part, "file_name", None))
        if any(attribute == "department_name" for attribute, *_ in said):
            whole = said
            break
    yield from whole


def _of_cover(document: Document, catalogue: Catalogue) -> Iterator[_Testimony]:
    """The first page with text, up to the table of contents."""
    page = next((p for p in document.pages if p.lines), None)
    if page is None:
        return
    lines: list[str] = []
    for line in page.lines[:COVER_LINES]:
        if fold(line.text).startswith(("目录", "第一部分")) or catalogue.contents_entry(line.text):
            break
        lines.append(line.text)
        yield from _of_department_line(line.text, "cover", page.number, catalogue)
    yield from _subject("".join(lines), "cover", page.number)


def _of_form_head(text: str, page: int, catalogue: Catalogue) -> Iterator[_Testimony]:
    """A line of a form's head: the department line, or a title with department and year in front."""
    yield from _of_department_line(text, "form_head", page, catalogue)
    title = catalogue.title(text)
    if title is not None:
        before = _BEFORE_TITLE.fullmatch(title.before)
        name = clean_name(before["name"]) if before else ""
        if _BODY.search(name):
            yield "department_name", name, "form_head", page, text
        if "决算" in title.text:
            yield "disclosure_kind", "final_account", "form_head", page, text
    if catalogue.department.search(fold_keeping_spaces(text)) or title is not None or catalogue.unit(text):
        for year in _YEAR_IN_HEAD.finditer(fold(text)):
            yield "fiscal_year", year["year"], "form_head", page, text


def _of_department_line(text: str, source: str, page: int, catalogue: Catalogue) -> Iterator[_Testimony]:
    """A line that says 部门：某市某局."""
    found = catalogue.department.search(fold_keeping_spaces(text))
    if found is None or _NO_NAME.match(found["name"]) or catalogue.counted_units.fullmatch(found["name"].strip()):
        return
    if not catalogue.placeholder.search(found["name"]):
        name = clean_name(found["name"])
        if name:
            yield "department_name", name, source, page, text


def _subject(text: str, source: str, page: int | None) -> Iterator[_Testimony]:
    """What a line such as “某市某局2024年度部门决算” says."""
    folded = fold(text)
    found = _SUBJECT.search(folded)
    if found is None or not clean_name(found["name"]):
        other = _NAME_LAST.search(folded)
        found = other if other is not None and _BODY.search(other["name"]) else found
    if found is None:
        return
    name = found["name"]
    printed = squash(text)
    name = clean_name(name)
    if name and _BODY.search(name) and len(name) <= 40:
        yield "department_name", name, source, page, printed
    if FIRST_YEAR <= int(found["year"]) <= LAST_YEAR:
        yield "fiscal_year", found["year"], source, page, printed
    yield "disclosure_kind", "final_account" if found["kind"] == "决算" else "budget", source, page, printed
    if "单位" in found["between"] and "部门" not in found["between"]:
        yield "reporting_scope", "unit", source, page, printed
    elif "部门" in found["between"]:
        yield "reporting_scope", "department", source, page, printed


def clean_name(text: str) -> str:
    """A name without the ordinals, part headings and codes in front of it, and without white space."""
    name = squash(text)
    before = None
    while before != name:
        before, name = name, _CODE_BEFORE_NAME.sub("", _BEFORE_NAME.sub("", name))
    return name.strip("：:，,。.、-—_ ")


def fold_keeping_spaces(text: str) -> str:
    """Folded text in which runs of white space, which separate the parts of a form's head, are kept as two spaces."""
    return "  ".join(fold(part) for part in re.split(r"\s+", text.strip()))


def _settle(testimony: Iterable[_Testimony], attribute: str) -> str | None:
    """The value with the greatest weight; the first named wins a tie.

    Prose decides only where cover, heads and headings are silent, however often it names a year; a file name only after prose.
    """
    votes: dict[str, list[int]] = {}
    for name, value, source, _, _ in testimony:
        if name == attribute:
            vote = votes.setdefault(value, [0, 0])
            vote[0] += _WEIGHT.get(source, 0)
            vote[1] += source == "prose"
    return max(votes, key=lambda value: votes[value]) if votes else None


def _same(value: str, settled: str) -> bool:
    return fold(value) == fold(settled)


def _distinct(testimony: Iterable[_Testimony]) -> Iterator[_Testimony]:
    seen: set[tuple[str, str, str]] = set()
    for witness in testimony:
        key = witness[:3]
        if key not in seen:
            seen.add(key)
            yield witness


def region_of(name: str) -> str | None:
    """The administrative division that a department's name begins with, or ``None``: 上海市普陀区财政局 → 上海市普陀区."""
    found = _PLACE.match(name)
    return found.group() or None if found else None
