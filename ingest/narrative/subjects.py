"""What a claim speaks of: the words before a figure without what only leads to it, and the measure that they name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.narrative.figures import folded
from ingest.narrative.outline import numbering_of
from ingest.narrative.words import Words

# 一般公共服务支出（类）财政事务（款）行政运行（项）
_LEVEL = re.compile(r"(?P<name>[^（）。，；：]{1,40}?)（(?P<level>类|款|项)(?:级科目)?）")
YEAR = re.compile(r"20\d\d年(?:度|底|末|初)?")
_TRAILING = re.compile(r"(?:为|是|(?<!下)达到?|约|近|共计?|有|仅|(?<![总合累小])计|各|分别|增至|降至|完成|实现|：)+$")
_HEADING_TAIL = re.compile(
    r"(?:财政拨款)?(?:支出|收支|收入支出|收入)?(?:决算|预算)?(?:总体|结构|具体|收支|支出|增减变化|变化)*(?:情况)?(?:说明)?$"
)
_NAMED_BY_PHASE = re.compile(r"(?:年初|全年|当年|调整后?)?(?:预算|决算)(?:数|安排|批复|为)*$")
_PROJECT = re.compile(r"项目名称：(.+)")
MAX_HEADING_SUBJECT = 40

Levels = dict[str, str]


def levels_of(text: str) -> Levels:
    """Class, section and item that a text names: ``{"类": …, "款": …, "项": …}``."""
    found: Levels = {}
    for match in _LEVEL.finditer(folded(text)):
        name = match["name"].lstrip('“"、和及与”')
        numbering = numbering_of(name)
        found[match["level"]] = without_year(name[numbering[1] :] if numbering else name)
    return found


def up_to_levels(clause: str) -> str:
    """A clause up to the last level that it names: without 支出, 主要用于 and the like."""
    ends = [match.end() for match in _LEVEL.finditer(clause)]
    return clause[: ends[-1]] if ends else clause


def without_year(text: str, words: Words | None = None) -> str:
    """Without the publisher's name and the year in front: 某局2024年度收入支出总计 becomes 收入支出总计.

    Where nothing but 决算数 and its like follows the year, what stands before it is the subject: 公务接待费2024年度决算数.
    """
    found = list(YEAR.finditer(text))
    if not found:
        return text
    before, after = text[: found[-1].start()], text[found[-1].end() :]
    if before.endswith(("的", "对", "将")):
        return before + after
    if words is not None and before and re.fullmatch(rf"(?:{words.generic})", _TRAILING.sub("", after)):
        return before if not re.search(rf"(?:{words.publisher})$", before) else after
    return after


def cleaned(text: str, words: Words) -> str:
    """A text without numbering, year and what only leads to a subject."""
    text = without_year(text.strip("、，。；："), words)
    previous = None
    while previous != text:
        previous = text
        text = re.sub(rf"^{words.opening}", "", text)
        numbering = numbering_of(text)
        text = text[numbering[1] :] if numbering else text
        text = _balanced(_TRAILING.sub("", text).strip("、，：的"))
    return text


def own_subject(lead: str, words: Words) -> str:
    """The subject that the words before a figure name themselves; empty where they name none."""
    text = cleaned(without_comparison(lead, words), words)
    text = _NAMED_BY_PHASE.sub("", text)
    return "" if not text or re.fullmatch(rf"(?:{words.generic})", text) else text


def without_comparison(text: str, words: Words) -> str:
    """A text without 比上年 and its like."""
    return re.sub(words.compared, "", text)


def heading_subject(heading: str) -> str:
    """What a heading names: 机关运行经费 of （一）机关运行经费支出情况; empty where it names nothing in particular."""
    numbering = numbering_of(heading)
    text = _HEADING_TAIL.sub("", folded(heading[numbering[1] if numbering else 0 :]).rstrip("。："))
    return text if 1 < len(text) <= MAX_HEADING_SUBJECT and not re.search(r"\d", text) else ""


def project_of(headings: Sequence[str]) -> str:
    """The project whose report the headings belong to, innermost first; empty outside of reports."""
    names = (_PROJECT.match(folded(heading)) for heading in headings)
    return next((name[1] for name in names if name), "")


def measure_of(subject: str, section: str, unit: str, words: Words) -> str | None:
    """The identifier of what a subject measures, by the first rule of the catalogue that fits; ``None`` where none does."""
    text = folded(subject)
    is_money = "元" in unit or unit in ("万", "%", "个百分点", "")
    for rule in words.measures:
        fits_unit = re.search(rule.unit, unit) is not None if rule.unit else is_money
        if fits_unit and re.search(rule.subject, text) and (rule.section is None or re.search(rule.section, section)):
            return rule.measure
    return None


def is_same(one: str, other: str, words: Words) -> bool:
    """Whether two subjects are one, as printed with and without 支出, 决算 and brackets, or by what they measure."""
    a, b = _core(one), _core(other)
    if a and b and (a == b or (min(len(a), len(b)) > 2 and (a.endswith(b) or b.endswith(a)))):
        return True
    measure = measure_of(one, "", "元", words)
    return measure is not None and measure == measure_of(other, "", "元", words) and not levels_of(one) and not levels_of(other)


def _core(text: str) -> str:
    text = re.sub(r"[（）“”\"、]|类|款|项", "", text)
    return re.sub(r"(?:支出|收入)?(?:决算|预算)?(?:总计|合计|总额|数)?(?:支出)?(?:费|经费)?$", "", text) or text


def _balanced(text: str) -> str:
    """Without brackets at the ends that have no partner."""
    while text and (text[0] in "）" or (text[0] == "（" and "）" not in text)):
        text = text[1:]
    while text and (text[-1] == "（" or (text[-1] == "）" and text.count("（") < text.count("）"))):
        text = text[:-1]
    return text
