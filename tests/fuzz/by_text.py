"""Mutations of text, of markup in it, and of XML: also for the members of archives."""

from __future__ import annotations

import re
from random import Random

from tests.fuzz.mutant import Mutation

HUGE = (
    "9" * 18,
    "9" * 19,
    "9" * 5000,
    "-" + "1" * 40,
    "0." + "3" * 400,
    "1e308",
    "1E+999999999",
    "NaN",
    "Infinity",
    "１２３４５６７８９０" * 3,
)
ODD = "\x00\x01\x0b\x0c\x1b\x7f\x85\u00ad\u0300\u200b\u200e\u202e\u2028\u2029\u2066\ufeff\ufffd\ufffe\U0010ffff\U000e0041²①٣Ⅷ㎡"
_NUMBER = re.compile(r"\d[\d,.]*")
_TAG = re.compile(rb"<[/!?]?[A-Za-z][^<>]*>")
_ATTRIBUTE = re.compile(rb'(\s[\w:.-]+=)"([^"<>]*)"')
_XML_HEAD = re.compile(rb"^(?:\xef\xbb\xbf)?(?:<\?xml[^>]*\?>)?\s*")


def _text(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _numbers(content: bytes, chance: Random, changed: str) -> bytes | None:
    text = _text(content)
    found = list(_NUMBER.finditer(text)) if text else []
    if not found or text is None:
        return None
    match = chance.choice(found)
    return (text[: match.start()] + changed + text[match.end() :]).encode()


def huge_number(content: bytes, chance: Random) -> bytes | None:
    return _numbers(content, chance, chance.choice(HUGE))


def other_number(content: bytes, chance: Random) -> bytes | None:
    return _numbers(
        content, chance, chance.choice(("0", "-1", "(3.50)", "1,2,3", "1.2.3", "12%", "七", "5万", "1 2", "十二.5", ""))
    )


def odd_characters(content: bytes, chance: Random) -> bytes | None:
    text = _text(content)
    if not text:
        return None
    for _ in range(chance.choice((1, 5, 50))):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(ODD) + text[at + chance.randrange(2) :]
    return text.encode()


def other_charset(content: bytes, chance: Random) -> bytes | None:
    text = _text(content)
    charset = chance.choice(("gb18030", "utf-16", "utf-16-le", "utf-32", "big5", "shift_jis", "latin-1", "utf-7", "cp037"))
    return None if text is None else text.encode(charset, "replace")


def mixed_charsets(content: bytes, chance: Random) -> bytes | None:
    text = _text(content)
    if not text:
        return None
    at = chance.randrange(len(text))
    return text[:at].encode() + text[at:].encode(chance.choice(("gb18030", "utf-16-le")), "replace")


def lines_mixed(content: bytes, chance: Random) -> bytes | None:
    """Lines lost, doubled, swapped, joined."""
    text = _text(content)
    lines = text.splitlines(keepends=True) if text else []
    if len(lines) < 3:
        return None
    for _ in range(chance.choice((1, 3, 20))):
        a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                lines[a] = ""
            case 1:
                lines[a] *= chance.choice((2, 50))
            case 2:
                lines[a], lines[b] = lines[b], lines[a]
            case _:
                lines[a] = lines[a].rstrip("\r\n")
    return "".join(lines).encode()


def other_separators(content: bytes, chance: Random) -> bytes | None:
    """Tabs, pipes, commas and quotation marks lost, doubled or exchanged here and there."""
    text = _text(content)
    places = [i for i, c in enumerate(text or "") if c in "\t|,\"'"]
    if not places or text is None:
        return None
    characters = list(text)
    for place in chance.sample(places, min(len(places), chance.choice((1, 3, 40)))):
        characters[place] = chance.choice(("", "\t", "\t\t", "|", '"', "\\|", ",", "\f", "\n"))
    return "".join(characters).encode()


def one_long_line(content: bytes, chance: Random) -> bytes | None:
    text = _text(content)
    return None if text is None else re.sub(r"[\r\n]+", chance.choice(("", " ", "，", "\t")), text).encode()


def long_cell(content: bytes, chance: Random) -> bytes | None:
    text = _text(content)
    if not text:
        return None
    at = chance.randrange(len(text))
    return (
        text[:at]
        + chance.choice(("（", "一、", "其中：", "1，000", "的", "较上年增加1万元，", "\t", "|", "<td>")) * 20000
        + text[at:]
    ).encode()


# --- markup


def _tags(content: bytes) -> list[re.Match[bytes]]:
    return list(_TAG.finditer(content))


def lost_tags(content: bytes, chance: Random) -> bytes | None:
    tags = _tags(content)
    if not tags:
        return None
    for match in sorted(chance.sample(tags, min(len(tags), chance.choice((1, 3)))), key=lambda m: -m.start()):
        content = content[: match.start()] + content[match.end() :]
    return content


def moved_elements(content: bytes, chance: Random) -> bytes | None:
    """A run of markup copied to another place."""
    tags = _tags(content)
    if len(tags) < 4:
        return None
    a, b = sorted(chance.sample(range(len(tags)), 2))
    run = content[tags[a].start() : tags[min(b, a + 40)].end()]
    at = chance.choice(tags).start()
    return content[:at] + run * chance.choice((1, 1, 300)) + content[at:]


def other_attributes(content: bytes, chance: Random) -> bytes | None:
    found = list(_ATTRIBUTE.finditer(content))
    if not found:
        return None
    values = (b"", b"-1", b"0", b"4294967296", b"1e9", b"9" * 5000, b"\xe4\xb8\x80", b"A1:XFD1048576", b"XFD1048576", b"../../x")
    for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 3, 10)))), key=lambda m: -m.start()):
        content = content[: match.start(2)] + chance.choice(values) + content[match.end(2) :]
    return content


_SPANS = re.compile(
    rb"((?:rowspan|colspan|number-(?:rows|columns)-(?:repeated|spanned)|gridSpan w:val|\bspans|\br|\bref|\bmax|\bcount|\bs)=)"
    rb'"[^"]*"'
)


def giant_spans(content: bytes, chance: Random) -> bytes | None:
    """Spans, repeats and references that would fill the memory if they were believed."""
    value = chance.choice(
        (b'"1048576"', b'"1000000000"', b'"' + b"9" * 5000 + b'"', b'"A1:XFD1048576"', b'"XFD1048576"', b'"-1"', b'"0"')
    )
    found = list(_SPANS.finditer(content))
    if found:
        for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 5, 200)))), key=lambda m: -m.start()):
            content = content[: match.start()] + match[1] + value + content[match.end() :]
        return content
    cells = list(re.finditer(rb"<(?:td|th|table:table-cell|table:table-row|w:tcPr|mergeCells?)\b", content))
    if not cells:
        return None
    for match in sorted(chance.sample(cells, min(len(cells), 20)), key=lambda m: -m.start()):
        name = (
            b"table:number-rows-repeated"
            if match[0].endswith(b"row")
            else chance.choice((b"colspan", b"rowspan", b"table:number-columns-repeated"))
        )
        content = content[: match.end()] + b" " + name + b"=" + value + content[match.end() :]
    return content


def deep_nesting(content: bytes, chance: Random) -> bytes | None:
    tags = _tags(content)
    if not tags:
        return None
    name = chance.choice((b"table", b"td", b"div", b"w:tbl", b"w:p", b"x", b"table:table-cell", b"si"))
    at, depth = chance.choice(tags).start(), chance.choice((300, 5000, 100000))
    closing = b"</" + name + b">" if chance.randrange(2) else b""
    return content[:at] + (b"<" + name + b">") * depth + b"1" + closing * depth + content[at:]


def entity_bomb(content: bytes, chance: Random) -> bytes | None:
    """Entities that name entities: a few hundred bytes that stand for gigabytes, or for another file."""
    head = _XML_HEAD.match(content)
    tags = _tags(content)
    if head is None or not tags:
        return None
    levels = b"".join(b'<!ENTITY e%d "%s">' % (i, (b"&e%d;" % (i - 1)) * 10) for i in range(1, 10))
    kinds = (b'<!ENTITY e0 "9">' + levels, b'<!ENTITY e9 SYSTEM "file:///etc/passwd">', b'<!ENTITY e9 "&e9;">')
    document_type = b"<!DOCTYPE x [" + chance.choice(kinds) + b"]>"
    text = chance.choice(tags).end()
    return content[: head.end()] + document_type + content[head.end() : text] + b"&e9;" + content[text:]


def many_attributes(content: bytes, chance: Random) -> bytes | None:
    tags = [m for m in _tags(content) if not m[0].startswith((b"</", b"<!", b"<?"))]
    if not tags:
        return None
    match = chance.choice(tags)
    at = match.end() - (2 if match[0].endswith(b"/>") else 1)
    return content[:at] + b"".join(b' a%d="1"' % (i if chance.randrange(1000) else 0) for i in range(50000)) + content[at:]


def wrong_declaration(content: bytes, chance: Random) -> bytes | None:
    head = _XML_HEAD.match(content)
    charset = chance.choice((b"utf-16", b"gb2312", b"ascii", b"no-such-charset", b"utf-7"))
    if head is None or not head[0].strip():
        return re.sub(rb"(?i)charset=[\"']?[\w-]+", b"charset=" + charset, content) if b"charset" in content else None
    return b'<?xml version="1.0" encoding="' + charset + b'"?>' + content[head.end() :]


_MARKUP = (
    lost_tags, moved_elements, other_attributes, giant_spans, deep_nesting, entity_bomb, many_attributes, wrong_declaration,
)  # fmt: skip
TEXT: dict[str, Mutation] = {
    f.__name__: f
    for f in (
        huge_number, other_number, odd_characters, other_charset, mixed_charsets, lines_mixed, other_separators, one_long_line,
        long_cell,
    )
}  # fmt: skip
MARKUP: dict[str, Mutation] = {f.__name__: f for f in _MARKUP}
XML: dict[str, Mutation] = {f.__name__: f for f in (*_MARKUP, huge_number, other_number, odd_characters, other_charset)}
