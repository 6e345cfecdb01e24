"""The article of a page that a site published, told from the frame of the site around it.

Editors of sites keep the article in an element of a known name. It is taken for the whole only where it holds almost all text of
the page that is no link, and where nothing around it looks like a form; else the page is read as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import html

from ingest.text import squash

# Names of the element, by id or class, in small letters: TRS, UCAP, VSB (博达), Founder, Jiuqi and hand-made sites.
_NAMES = re.compile(
    r"(?:trs_?editor|zoom|ucap-?content|vsb_content(?:_\d+)?|v_news_content|(?:xl|xxgk|pages|news|article|detail|art|main)[_-]?"
    r"(?:content|con|text|body|detail)s?|custom_unionstyle|con[_-]?t(?:e)?xt|content)"
)
_SILENT = frozenset({"script", "style", "noscript", "select", "option", "textarea", "head"})
_OF_A_FORM = re.compile(r"(?:单位|编制部门)[:：]|万元|[决预]算(?:总|明细|公开)?表")
MOST = 0.8  # of the characters of the page that are no links
BEGINNING = 200  # characters in which an article may repeat its title


@dataclass(frozen=True, slots=True)
class Article:
    """The element that holds it, its title where it does not begin with it, and the number of characters around it."""

    element: html.HtmlElement
    title: str
    passed_over: int


def find_article(root: html.HtmlElement) -> Article | None:
    """The article of a page, or ``None`` where the page has none that can be told from the rest."""
    named = [element for element in root.iter("div", "td", "article", "section", "ucapcontent") if _is_named(element)]
    if not named:
        return None
    best = max(named, key=lambda element: (_length(_texts(element)), -_depth(element)))
    around = list(_texts(root, best))
    inside = _length(_texts(best))
    outside = _length(around)
    if not outside or inside < MOST * (inside + outside) or _OF_A_FORM.search(squash("".join(around))):
        return None
    title = _title(root)
    beginning = squash("".join(_texts(best)))[:BEGINNING]
    return Article(best, "" if squash(title) in beginning else title, outside)


def _is_named(element: html.HtmlElement) -> bool:
    names = (element.get("id", ""), *element.get("class", "").split())
    return element.tag == "ucapcontent" or any(_NAMES.fullmatch(name.lower()) for name in names)


def _depth(element: html.HtmlElement) -> int:
    return sum(1 for _ in element.iterancestors())


def _texts(element: html.HtmlElement, but: html.HtmlElement | None = None) -> Iterator[str]:
    """The texts of an element that are no links and not in another one."""
    waiting = [(element, False)]
    while waiting:
        current, is_tail = waiting.pop()
        if is_tail:
            yield current.tail or ""
            continue
        if current is but or not isinstance(current.tag, str) or current.tag.lower() in _SILENT:
            continue
        if current.tag.lower() == "a" and current.get("href"):
            continue
        yield current.text or ""
        for child in reversed(current):
            waiting += [(child, True), (child, False)]


def _length(texts: Iterator[str] | list[str]) -> int:
    return sum(len(squash(text)) for text in texts)


def _title(root: html.HtmlElement) -> str:
    """What the site says is the title of the article (网站建设规范: a meta element), else its heading."""
    for element in root.iter("meta"):
        if element.get("name", "").lower() == "articletitle":
            return " ".join(element.get("content", "").split())
    for element in root.iter("h1"):
        return " ".join(element.text_content().split())
    return ""
