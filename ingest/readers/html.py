"""Saved web pages (.html, .mht) as a browser shows them, and what Word and Excel save as web pages.

Nothing is fetched: no link is followed, no frame and no style sheet outside the file is looked at, no script runs. A web page has
one page; an archive (.mht) of a workbook has one for each sheet. What is passed over: scripts, styles, navigation (elements and
lines that are nothing but links), and what the page hides, which is remarked on. Files that the page links to are remarked on,
too: publishers often put the forms there.
"""

from __future__ import annotations

import codecs
import email
import email.errors
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from ingest.document import Document, Remark
from ingest.parsed import Rejected
from ingest.readers.flow import Block, FlowCell, FlowTable, Hidden, Text, compose, with_pages
from ingest.readers.list_numbers import format_number
from ingest.readers.placing import MAX_SPAN, bounded_span
from ingest.readers.site import find_article

MEDIA_TYPE = "text/html"
MEDIA_TYPE_OF_ARCHIVE = "multipart/related"
MAX_BYTES = 64 * 1024 * 1024
PROLOG = 4096  # bytes in which a page names its encoding
MAX_NESTING = 100  # tables in tables
MAX_ATTACHMENTS = 50  # linked files that are remarked on
LINKED_SUFFIXES = (".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ofd", ".zip", ".rar", ".7z")

# fmt: off
_SILENT = frozenset({
    "audio", "button", "canvas", "embed", "head", "iframe", "math", "nav", "noscript", "object", "option", "script", "select",
    "style", "svg", "template", "textarea", "video",
})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "legend", "li", "main", "menu", "ol", "p", "pre", "section", "summary", "ul",
})
# fmt: on
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_NESTED_RULES = re.compile(r"@[^{};]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")  # @media and the like hold for other screens
_SELECTOR = re.compile(r"(?P<tag>[a-zA-Z][\w-]*)?(?P<sign>[.#])(?P<name>[\w-]+)")
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_\-:.]+)""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
_SHEET_PART = re.compile(r"sheet\d+\.html?$", re.IGNORECASE)
_GB = ("gb2312", "gbk", "gb_2312-80", "x-gbk", "gb18030", "cp936", "gb2312-80")
_LIST_TYPES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_LIST_STYLES = {
    "decimal": "decimal",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
    "cjk-decimal": "ideographDigital",
    "none": "none",
}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)


def read_html(path: Path) -> Document:
    """Read a saved web page into the neutral document.

    Raises :class:`Rejected` when it is no text, breaks off, or only frames other files.
    """
    _require_size(path)
    return _read_page(decode(path.read_bytes()), MEDIA_TYPE)


def read_mht(path: Path) -> Document:
    """Read a web page that is saved with all its parts in one file (.mht, .mhtml) into the neutral document."""
    _require_size(path)
    with path.open("rb") as handle:
        message = email.message_from_binary_file(handle, policy=email.policy.compat32)
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not pages:
        raise Rejected("damaged", "it holds no web page", "save the page anew, as .html or .mht")
    if any(isinstance(d, email.errors.CloseBoundaryNotFoundDefect) for part in message.walk() for d in part.defects):
        raise Rejected("truncated", "the archive breaks off before its last part ends", "save the page anew")
    root = next((part for part in pages if part.get("Content-ID", "") == message.get_param("start", "")), pages[0])
    text = _text_of_part(root)
    if _frames(_parse(text)):
        sheets = [part for part in pages if _SHEET_PART.search(part.get("Content-Location", ""))]
        sheets.sort(key=lambda part: str(part.get("Content-Location", "")))
        documents = [_read_page(_text_of_part(part), MEDIA_TYPE_OF_ARCHIVE) for part in sheets or pages if part is not root]
        return with_pages(documents, MEDIA_TYPE_OF_ARCHIVE)
    return _read_page(text, MEDIA_TYPE_OF_ARCHIVE)


def _text_of_part(part: Message) -> str:
    data = part.get_payload(decode=True)
    return decode(data if isinstance(data, bytes) else b"", part.get_content_charset())


def _require_size(path: Path) -> None:
    if path.stat().st_size > MAX_BYTES:
        raise Rejected("too_large", f"a web page of more than {MAX_BYTES // 1024**2} MiB", "save it without pictures")


def decode(data: bytes, announced: str | None = None) -> str:
    """The text of a page.

    A byte order mark decides; then UTF-8, whatever the page says, where the bytes are valid UTF-8 (browsers save pages so and
    leave the old name of the encoding in them); then the encoding that it or its envelope names; else GB18030, of which GB 2312
    and GBK are parts. Raises :class:`Rejected` where none fits.
    """
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return _decoded(data[len(mark) :], [encoding])
    found = _CHARSET.search(data[:PROLOG])
    named = [name.lower() for name in (found[1].decode("ascii") if found else None, announced) if name]
    known = ["gb18030" if name in _GB else name for name in named if _is_encoding(name)]
    return _decoded(data, ["utf-8", *known, "gb18030"])


def _is_encoding(name: str) -> bool:
    try:
        # Some of Python's codecs are no encodings of text.
        return name in _GB or codecs.lookup(name).encode("")[0] == b""
    except (LookupError, TypeError, UnicodeError):
        return False


def _decoded(data: bytes, encodings: list[str]) -> str:
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, TypeError, LookupError):
            continue
        if "\x00" not in text:
            return text
    raise Rejected("not_text", "the content is text in no known encoding", "save the page anew, in UTF-8")


def _parse(text: str) -> html.HtmlElement:
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    source = _XML_DECLARATION.sub("", text)
    try:
        root = html.document_fromstring(source.encode("utf-8", "surrogatepass"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Rejected("empty_file", "the page has no content", "save the page anew") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise _too_deep()
    return root


def _too_deep() -> Rejected:
    """Of a page that nests deeper than the parser goes, the rest would be lost."""
    return Rejected("damaged", "its elements nest too deeply to be read", "save the page anew with another program")


def _frames(root: html.HtmlElement) -> list[str]:
    return [unquote(frame.get("src", "")) for frame in root.iter("frame")]


def _read_page(text: str, media_type: str) -> Document:
    _require_complete(text)
    root = _parse(text)
    frames = _frames(root)
    if frames:
        raise Rejected(
            "frames_only",
            f"the page only frames other files ({', '.join(frames[:3])}): its content is not in it",
            "ingest the workbook from which it was saved, or save it as a single file (.mht)",
        )
    reader = _Page(_hiding_rules(root))
    reader.read(root)
    blocks, remarks = reader.blocks, list(reader.remarks())
    article = find_article(root)
    if article is not None:
        inner = _Page(_hiding_rules(root))
        inner.read(article.element)
        blocks = [*([Text(article.title)] if article.title else []), *inner.blocks]
        passed = f"{article.passed_over} characters that the site shows around the article were not read"
        remarks.append(Remark("site_frame", passed, 1))
    document = compose(blocks, media_type, remarks)
    if not any(page.blocks for page in document.pages) and not document.remarks:
        raise Rejected("empty_file", "the page shows no text", "save the page anew, after it is shown whole")
    return document


def _require_complete(text: str) -> None:
    """Raises :class:`Rejected` for a page that breaks off inside a table. Pages that merely forget end tags are common."""
    lowered = text.lower()
    is_open = "<html" in lowered and "</html" not in lowered
    if is_open and lowered.count("<table") > lowered.count("</table"):
        raise Rejected("truncated", "the page breaks off inside a table", "download it again, or save it anew")


def _hiding_rules(root: html.HtmlElement) -> frozenset[tuple[str, str, str]]:
    """Tag (or nothing), sign and name of the simple selectors that the page's own style sheets hide."""
    hiding: set[tuple[str, str, str]] = set()
    for style in root.iter("style"):
        if style.get("media", "all").lower() not in ("all", "screen", ""):
            continue
        for selectors, rules in _RULE.findall(_NESTED_RULES.sub("", style.text or "")):
            if _HIDDEN_STYLE.search(rules):
                for selector in selectors.split(","):
                    found = _SELECTOR.fullmatch(selector.strip())
                    if found is not None:
                        hiding.add(((found["tag"] or "").lower(), found["sign"], found["name"]))
    return frozenset(hiding)


@dataclass(slots=True)
class _Sink:
    """Where blocks go: the page itself, or a cell. The text of the current line, and how much of it is links."""

    blocks: list[Block]
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    links: int = 0


@dataclass(slots=True)
class _Table:
    """A table that is being read."""

    table: FlowTable
    reaches_end: list[tuple[int, FlowCell]] = field(default_factory=list)  # row of cells with rowspan 0
    sinks: int = 0  # sinks open when it began


class _Page:
    """Walks the elements of a page without recursion: pages nest as deeply as they like."""

    def __init__(self, hiding: frozenset[tuple[str, str, str]]) -> None:
        self.blocks: list[Block] = []
        self._hiding = hiding
        self._sinks = [_Sink(self.blocks)]
        self._tables: list[_Table] = []
        self._lists: list[tuple[str | None, int]] = []  # format (None for bullets) and next number
        self._preformatted = 0
        self._link = 0  # links to other pages that are open
        self._attachments: dict[str, str] = {}

    def remarks(self) -> Iterator[Remark]:
        for target, text in self._attachments.items():
            yield Remark("attachment", f"{target} ({text})" if text and text != target else target, 1)

    def read(self, root: html.HtmlElement) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag.lower() if isinstance(element.tag, str) else ""
            if event == "start":
                if not tag or tag in _SILENT:
                    walker.skip_subtree()
                elif self._is_hidden(element, tag):
                    self._hide(element)
                    walker.skip_subtree()
                else:
                    self._start(element, tag)
                    self._text(element.text)
            else:
                if tag and tag not in _SILENT and not self._is_hidden(element, tag):
                    self._end(element, tag)
                if element is not root:
                    self._text(element.tail)
        self._close_line()

    def _is_hidden(self, element: html.HtmlElement, tag: str) -> bool:
        if element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style", "")):
            return True
        if not self._hiding:
            return False
        names = [("#", element.get("id", "")), *((".", name) for name in element.get("class", "").split())]
        return any((t, sign, name) in self._hiding for sign, name in names for t in ("", tag))

    def _hide(self, element: html.HtmlElement) -> None:
        text = " ".join("".join(element.itertext()).split()) if element.tag != "input" else ""
        if text:
            self._sinks[-1].blocks.append(Hidden(text))

    def _start(self, element: html.HtmlElement, tag: str) -> None:
        if tag == "table":
            self._close_line()
            if len(self._tables) >= MAX_NESTING:
                raise _too_deep()
            self._tables.append(_Table(FlowTable(), sinks=len(self._sinks)))
        elif tag in ("tr", "td", "th") and self._tables:
            self._start_cell(element, tag)
        elif tag == "br":
            self._sinks[-1].parts.append("\n")
        elif tag in _BLOCKS:
            self._close_line()
            if tag == "pre":
                self._preformatted += 1
            elif tag in ("ol", "ul", "menu"):
                self._lists.append((_list_format(element, tag), _list_start(element)))
            elif tag == "li":
                self._number(element)
        elif tag == "a" and element.get("href"):
            self._start_link(element)
        elif tag == "input" and element.get("type", "").lower() in ("checkbox", "radio"):
            self._sinks[-1].parts.append("☑" if element.get("checked") is not None else "□")

    def _start_cell(self, element: html.HtmlElement, tag: str) -> None:
        current = self._tables[-1]
        self._close_cell(current)
        rows = current.table.rows
        if tag == "tr":
            rows.append([])
            return
        if not rows:
            rows.append([])
        row_span, column_span = element.get("rowspan"), element.get("colspan")
        cell = FlowCell(row_span=bounded_span(row_span), column_span=bounded_span(column_span))
        if (row_span or "").strip() == "0":
            cell.row_span = MAX_SPAN  # to the end of the table
        rows[-1].append(cell)
        self._sinks.append(_Sink(cell.blocks))

    def _close_cell(self, current: _Table) -> None:
        while len(self._sinks) > current.sinks:
            self._close_line()
            self._sinks.pop()

    def _end(self, element: html.HtmlElement, tag: str) -> None:
        if tag in ("td", "th", "tr") and self._tables:
            self._close_cell(self._tables[-1])
        elif tag == "table" and self._tables:
            current = self._tables.pop()
            self._close_cell(current)
            self._sinks[-1].blocks.append(current.table)
        elif tag in _BLOCKS:
            self._close_line()
            if tag == "pre":
                self._preformatted -= 1
            elif tag in ("ol", "ul", "menu") and self._lists:
                self._lists.pop()
        elif tag == "a" and element.get("href"):
            self._link -= _leads_away(element.get("href", ""))

    def _text(self, text: str | None) -> None:
        if not text:
            return
        sink = self._sinks[-1]
        shown = text.replace("\r", "") if self._preformatted else _WHITE_SPACE.sub(" ", text)
        sink.parts.append(shown.replace("\u00a0", " "))
        if self._link:
            sink.linked += len("".join(text.split()))

    def _start_link(self, element: html.HtmlElement) -> None:
        target = element.get("href", "")
        if not _leads_away(target):
            return
        self._link += 1
        self._sinks[-1].links += 1
        name = unquote(urlsplit(target).path.rpartition("/")[2]) if _is_address(target) else ""
        text = " ".join("".join(element.itertext()).split())
        named = next((n for n in (name, text) if n.lower().endswith(LINKED_SUFFIXES)), None)
        if named is not None and len(self._attachments) < MAX_ATTACHMENTS:
            self._attachments.setdefault(named, text)

    def _number(self, element: html.HtmlElement) -> None:
        if not self._lists:
            return
        number_format, number = self._lists[-1]
        own = element.get("value", "")
        number = int(own) if own.isdecimal() and len(own) < 10 else number
        self._lists[-1] = (number_format, number + 1)
        styled = _LIST_STYLE.search(element.get("style", ""))
        if styled is not None:
            number_format = _LIST_STYLES.get(styled[1].lower())
        printed = format_number(number, number_format) if number_format is not None else None
        if printed:
            mark = "、" if number_format in ("chineseCounting", "ideographDigital") else ". "
            self._sinks[-1].parts.append(printed + mark)

    def _close_line(self) -> None:
        sink = self._sinks[-1]
        text = "".join(sink.parts)
        characters = len("".join(text.split()))
        if characters:
            # Links side by side are navigation; so is a line that is one link.
            is_navigation = sink.links > 0 and sink.linked * (2 if sink.links > 1 else 1) >= characters
            if not self._preformatted:
                text = re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", text))
            sink.blocks.append(Text(text, is_navigation))
        sink.parts.clear()
        sink.linked = sink.links = 0


def _is_address(target: str) -> bool:
    try:
        urlsplit(target)
    except ValueError:
        return False
    return True


def _leads_away(target: str) -> bool:
    """Whether a link leads to another page; an entry of a table of contents leads to a place on this one."""
    return not target.startswith("#") and "#_Toc" not in target


def _list_format(element: html.HtmlElement, tag: str) -> str | None:
    styled = _LIST_STYLE.search(element.get("style", ""))
    if styled is not None and styled[1].lower() in _LIST_STYLES:
        return _LIST_STYLES[styled[1].lower()]
    return _LIST_TYPES.get(element.get("type", "1"), "decimal") if tag == "ol" else None


def _list_start(element: html.HtmlElement) -> int:
    start = element.get("start", "1")
    return int(start) if start.isdecimal() and len(start) < 10 else 1
