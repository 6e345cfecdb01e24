"""Mutations of PDFs: their objects, their cross-references, and the content of their streams."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass
from random import Random

from tests.fuzz import by_bytes
from tests.fuzz.mutant import Mutation

_OBJECT = re.compile(rb"(?:^|[\r\n])(\d+) 0 obj\s*(.*?)\s*endobj", re.DOTALL)
_STREAM = re.compile(rb"^(<<.*>>)\s*stream\r?\n(.*?)\r?\n?endstream$", re.DOTALL)
_REFERENCE = re.compile(rb"(\d+) 0 R")
_NUMBER = re.compile(rb"(?<![\w/#.])-?\d+(?:\.\d+)?(?![\w.])")
HUGE = (b"0", b"-1", b"2147483648", b"1e400", b"9" * 400, b"0.0000000000001", b"-99999999999", b"NaN", b"null", b"()", b"/X")


@dataclass(slots=True)
class Pdf:
    """The objects of a simple PDF by number, and the entries of its trailer."""

    objects: dict[int, bytes]
    trailer: bytes

    @staticmethod
    def of(content: bytes) -> Pdf | None:
        objects = {int(match[1]): match[2] for match in _OBJECT.finditer(content)}
        trailer = re.search(rb"trailer\s*<<(.*?)>>\s*startxref", content, re.DOTALL)
        if not objects or trailer is None:
            return None
        return Pdf(objects, re.sub(rb"/Size \d+|/Prev \d+", b"", trailer[1]))

    def assembled(self, more: bytes = b"") -> bytes:
        """The file anew with a cross-reference table that is right; ``more`` is added to the trailer."""
        parts, offsets = [b"%PDF-1.4\n"], {}
        position = len(parts[0])
        for number, body in sorted(self.objects.items()):
            offsets[number] = position
            parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
            position += len(parts[-1])
        size = max(offsets) + 1
        table = b"".join(b"%010d 00000 n \n" % offsets[n] if n in offsets else b"0000000000 65535 f \n" for n in range(size))
        end = b"xref\n0 %d\n%strailer\n<< /Size %d %s %s >>\nstartxref\n%d\n%%%%EOF\n" % (
            size,
            table,
            size,
            self.trailer,
            more,
            position,
        )
        return b"".join(parts) + end

    def numbers_with(self, pattern: bytes) -> list[int]:
        return [n for n, body in sorted(self.objects.items()) if re.search(pattern, body)]

    def stream(self, number: int) -> bytes | None:
        """The unpacked content of a stream, where we know how it is packed."""
        found = _STREAM.match(self.objects[number])
        if found is None:
            return None
        data, head = found[2], found[1]
        try:
            if b"ASCII85" in head:
                data = base64.a85decode(data.strip().removesuffix(b"~>"))
            return zlib.decompress(data) if b"Flate" in head else data
        except (ValueError, zlib.error):
            return None

    def set_stream(self, number: int, data: bytes, entries: bytes = b"") -> None:
        packed = zlib.compress(data)
        self.objects[number] = b"<< /Filter /FlateDecode /Length %d %s >>\nstream\n%s\nendstream" % (len(packed), entries, packed)

    def add(self, body: bytes) -> int:
        number = max(self.objects) + 1
        self.objects[number] = body
        return number

    def contents(self) -> list[int]:
        """The content streams of pages."""
        named = {int(m[1]) for body in self.objects.values() for m in re.finditer(rb"/Contents (\d+) 0 R", body)}
        return sorted(n for n in named if n in self.objects and self.stream(n) is not None)


def first_pages(content: bytes, count: int) -> bytes:
    """The first pages of a PDF with a flat page tree; the others stay in the file, and nothing names them."""
    pdf = Pdf.of(content)
    assert pdf is not None
    [pages] = pdf.numbers_with(rb"/Type /Pages\b")
    kids = re.search(rb"/Kids \[(.*?)\]", pdf.objects[pages], re.DOTALL)
    assert kids is not None
    kept = [match[0] for match in _REFERENCE.finditer(kids[1])][:count]
    body = pdf.objects[pages].replace(kids[0], b"/Kids [ " + b" ".join(kept) + b" ]")
    pdf.objects[pages] = re.sub(rb"/Count \d+", b"/Count %d" % len(kept), body)
    named, waiting = set(), [int(m[1]) for m in _REFERENCE.finditer(pdf.trailer)]
    while waiting:
        number = waiting.pop()
        if number not in named and number in pdf.objects:
            named.add(number)
            waiting += [int(m[1]) for m in _REFERENCE.finditer(pdf.objects[number].partition(b"stream")[0])]
    pdf.objects = {n: body for n, body in pdf.objects.items() if n in named}
    return pdf.assembled()


def swapped_streams(content: bytes, chance: Random) -> bytes | None:
    pdf = Pdf.of(content)
    numbers = pdf.numbers_with(rb"stream") if pdf else []
    if pdf is None or len(numbers) < 2:
        return None
    a, b = chance.sample(numbers, 2)
    pdf.objects[a], pdf.objects[b] = pdf.objects[b], pdf.objects[a]
    return pdf.assembled()


def swapped_objects(content: bytes, chance: Random) -> bytes | None:
    pdf = Pdf.of(content)
    if pdf is None:
        return None
    a, b = chance.sample(sorted(pdf.objects), 2)
    pdf.objects[a], pdf.objects[b] = pdf.objects[b], pdf.objects[a]
    return pdf.assembled()


def lost_object(content: bytes, chance: Random) -> bytes | None:
    pdf = Pdf.of(content)
    if pdf is None:
        return None
    del pdf.objects[chance.choice(sorted(pdf.objects))]
    return pdf.assembled()


def other_references(content: bytes, chance: Random) -> bytes | None:
    """References that lead to another object, to themselves, or nowhere."""
    pdf = Pdf.of(content)
    numbers = pdf.numbers_with(rb"\d+ 0 R") if pdf else []
    if pdf is None or not numbers:
        return None
    for number in chance.sample(numbers, min(len(numbers), chance.choice((1, 3)))):
        references = list(_REFERENCE.finditer(pdf.objects[number]))
        match = chance.choice(references)
        other = chance.choice((number, chance.choice(sorted(pdf.objects)), 99999, 0))
        body = pdf.objects[number]
        pdf.objects[number] = body[: match.start()] + b"%d 0 R" % other + body[match.end() :]
    return pdf.assembled()


def other_values(content: bytes, chance: Random) -> bytes | None:
    """Numbers of dictionaries changed to what overflows: boxes, counts, widths, lengths."""
    pdf = Pdf.of(content)
    if pdf is None:
        return None
    for _ in range(chance.choice((1, 3, 10))):
        number = chance.choice(sorted(pdf.objects))
        head, _, rest = pdf.objects[number].partition(b"stream")
        found = list(_NUMBER.finditer(head))
        if found:
            match = chance.choice(found)
            head = head[: match.start()] + chance.choice(HUGE) + head[match.end() :]
            pdf.objects[number] = head + (b"stream" + rest if rest else b"")
    return pdf.assembled()


def other_names(content: bytes, chance: Random) -> bytes | None:
    """Keys and names of dictionaries exchanged."""
    pdf = Pdf.of(content)
    if pdf is None:
        return None
    names = [m[0] for body in pdf.objects.values() for m in re.finditer(rb"/[A-Z]\w+", body.partition(b"stream")[0])]
    for _ in range(chance.choice((1, 3))):
        number = chance.choice(sorted(pdf.objects))
        found = list(re.finditer(rb"/[A-Z]\w+", pdf.objects[number].partition(b"stream")[0]))
        if found:
            match = chance.choice(found)
            body = pdf.objects[number]
            pdf.objects[number] = (
                body[: match.start()] + chance.choice((*names, b"/Crypt", b"/JBIG2Decode", b"/LZWDecode")) + body[match.end() :]
            )
    return pdf.assembled()


def loop_in_page_tree(content: bytes, chance: Random) -> bytes | None:
    pdf = Pdf.of(content)
    found = pdf.numbers_with(rb"/Type /Pages\b") if pdf else []
    if pdf is None or not found:
        return None
    pages = found[0]
    kids = chance.choice((b"[ %d 0 R ]", b"[ %d 0 R %d 0 R ]", b"%d 0 R"))
    kids = kids.replace(b"%d", b"%d" % pages)
    pdf.objects[pages] = re.sub(rb"/Kids \[.*?\]", b"/Kids " + kids, pdf.objects[pages], flags=re.DOTALL)
    if chance.randrange(2):
        pdf.objects[pages] = pdf.objects[pages].replace(b">>", b"/Parent %d 0 R >>" % pages)
    return pdf.assembled()


def many_pages(content: bytes, chance: Random) -> bytes | None:
    """A page named thousands of times, or a count that lies."""
    pdf = Pdf.of(content)
    found = pdf.numbers_with(rb"/Type /Pages\b") if pdf else []
    if pdf is None or not found:
        return None
    body = pdf.objects[found[0]]
    first = re.search(rb"/Kids \[\s*(\d+ 0 R)", body)
    if first is None:
        return None
    count = chance.choice((3, 30, 1999, 2001, 50000))
    if chance.randrange(2):
        body = re.sub(rb"/Kids \[.*?\]", b"/Kids [ " + (first[1] + b" ") * count + b"]", body, flags=re.DOTALL)
    pdf.objects[found[0]] = re.sub(rb"/Count \d+", b"/Count %d" % count, body)
    return pdf.assembled()


def loop_of_tables(content: bytes, chance: Random) -> bytes | None:
    """Cross-reference tables that name each other as the one before, or lie outside the file."""
    pdf = Pdf.of(content)
    if pdf is None:
        return None
    start = int(re.findall(rb"startxref\n(\d+)", pdf.assembled())[-1])
    return pdf.assembled(b"/Prev %d" % chance.choice((start, 0, 9, 10**12, start - 5)))


def wrong_table(content: bytes, chance: Random) -> bytes | None:
    """Offsets of the cross-reference table that point elsewhere."""
    entries = list(re.finditer(rb"\d{10} 00000 n", content))
    if not entries:
        return None
    changed = bytearray(content)
    for match in chance.sample(entries, min(len(entries), chance.choice((1, 5, 500)))):
        changed[match.start() : match.start() + 10] = b"%010d" % chance.choice(
            (0, 9, len(content) + 5, chance.randrange(len(content)))
        )
    return bytes(changed)


def deep_arrays(content: bytes, chance: Random) -> bytes | None:
    pdf = Pdf.of(content)
    if pdf is None:
        return None
    depth = chance.choice((100, 5000, 200000))
    deep = chance.choice(
        (b"[" * depth + b"]" * depth, b"<</A" * depth + b" 1 " + b">>" * depth, b"[" * depth, b"(" * depth + b")" * depth)
    )
    if chance.randrange(2) and pdf.contents():
        number = chance.choice(pdf.contents())
        pdf.set_stream(number, (pdf.stream(number) or b"") + b"\n" + deep + b" TJ\n")
    else:
        number = chance.choice(sorted(pdf.objects))
        pdf.objects[number] = pdf.objects[number].replace(b"<<", b"<< /Deep " + deep, 1)
    return pdf.assembled()


def form_in_itself(content: bytes, chance: Random) -> bytes | None:
    """A form XObject that draws itself, or one that draws the next many times: a picture of 10^9 pieces."""
    pdf = Pdf.of(content)
    if pdf is None or not pdf.contents():
        return None
    number = max(pdf.objects) + 1
    depth = 1 if chance.randrange(2) else 9
    for level in range(depth):
        inner = number + level + 1 if level + 1 < depth else number
        times = 1 if depth == 1 or level + 1 == depth else 10
        draw = b"/F Do " * times if depth == 1 or level + 1 < depth else b"BT ET "
        pdf.objects[number + level] = b""
        pdf.set_stream(
            number + level,
            draw,
            b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /F %d 0 R >> >>" % inner,
        )
    for page in pdf.numbers_with(rb"/Type /Page\b"):
        pdf.objects[page] = re.sub(
            rb"/XObject <<|/Resources <<",
            lambda m: m[0] + (b" /XObject << /Self %d 0 R >>" % number if b"Res" in m[0] else b" /Self %d 0 R" % number),
            pdf.objects[page],
            count=1,
        )
    stream = chance.choice(pdf.contents())
    pdf.set_stream(stream, (pdf.stream(stream) or b"") + b"\nq /Self Do Q\n")
    return pdf.assembled()


def filter_bomb(content: bytes, chance: Random) -> bytes | None:
    """A stream that was packed several times: kilobytes that unpack to hundreds of megabytes of spaces or of lines."""
    pdf = Pdf.of(content)
    if pdf is None or not pdf.contents():
        return None
    data = chance.choice((b" ", b"0 0 m 9 9 l S\n", b"[", b"q ")) * (60 * 1024**2 // 8)
    packed = zlib.compress(zlib.compress(data, 9), 9)
    number = chance.choice(pdf.contents())
    pdf.objects[number] = b"<< /Filter [ /FlateDecode /FlateDecode ] /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    return pdf.assembled()


def many_rules(content: bytes, chance: Random) -> bytes | None:
    """A grid of thousands of lines each way: more cells than any table has."""
    pdf = Pdf.of(content)
    if pdf is None or not pdf.contents():
        return None
    number = chance.choice(pdf.contents())
    count, step = chance.choice(((200, 3), (2000, 0.3), (20000, 4)))
    lines = b"".join(b"%g 0 m %g 9999 l S 0 %g m 9999 %g l S\n" % (i * step, i * step, i * step, i * step) for i in range(count))
    pdf.set_stream(number, (pdf.stream(number) or b"") + b"\n" + lines)
    return pdf.assembled()


def stream_bytes(content: bytes, chance: Random) -> bytes | None:
    """Content changed byte by byte, and packed again."""
    pdf = Pdf.of(content)
    if pdf is None or not pdf.contents():
        return None
    number = chance.choice(pdf.contents())
    mutation = by_bytes.MUTATIONS[
        chance.choice(("flip_bits", "truncate", "delete_bytes", "repeat_bytes", "swap_blocks", "insert_bytes"))
    ]
    data = pdf.stream(number)
    changed = mutation(data, chance) if data else None
    if changed is None:
        return None
    pdf.set_stream(number, changed)
    return pdf.assembled()


def stream_operators(content: bytes, chance: Random) -> bytes | None:
    """Content with operators lost, doubled or exchanged, and operands that overflow."""
    pdf = Pdf.of(content)
    if pdf is None or not pdf.contents():
        return None
    number = chance.choice(pdf.contents())
    lines = (pdf.stream(number) or b"").split(b"\n")
    for _ in range(chance.choice((1, 5, 50))):
        at = chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                lines[at] = b""
            case 1:
                lines[at] = lines[chance.randrange(len(lines))]
            case 2:
                lines[at] = lines[at].rpartition(b" ")[2]
            case 3:
                lines[at] = (lines[at] + b"\n") * chance.choice((2, 3000))
            case _:
                found = list(_NUMBER.finditer(lines[at]))
                if found:
                    match = chance.choice(found)
                    lines[at] = lines[at][: match.start()] + chance.choice(HUGE) + lines[at][match.end() :]
    pdf.set_stream(number, b"\n".join(lines))
    return pdf.assembled()


def encrypted_by_nobody(content: bytes, chance: Random) -> bytes | None:
    pdf = Pdf.of(content)
    if pdf is None:
        return None
    kind = chance.choice((b"/Standard", b"/NoSuch", b"null"))
    return pdf.assembled(
        b"/Encrypt << /Filter %s /V %d /R 3 /O (x) /U (y) /P -4 /Length 128 >>" % (kind, chance.choice((1, 2, 5, 99)))
    )


def object_stream_in_itself(content: bytes, chance: Random) -> bytes | None:
    pdf = Pdf.of(content)
    if pdf is None:
        return None
    number = pdf.add(b"")
    pdf.set_stream(
        number,
        b"%d 0 << /A 1 >>" % number,
        b"/Type /ObjStm /N %d /First 5 /Extends %d 0 R" % (chance.choice((1, -1, 10**9)), number),
    )
    return pdf.assembled()


MUTATIONS: dict[str, Mutation] = {
    f.__name__: f
    for f in (
        swapped_streams, swapped_objects, lost_object, other_references, other_values, other_names, loop_in_page_tree, many_pages,
        loop_of_tables, wrong_table, deep_arrays, form_in_itself, filter_bomb, many_rules, stream_bytes, stream_operators,
        encrypted_by_nobody, object_stream_in_itself,
    )
}  # fmt: skip
