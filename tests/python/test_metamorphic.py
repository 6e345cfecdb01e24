"""A disclosure that says the same in other words gives the same amounts; one that cannot be understood gives none.

The texts are samples; what is changed is chosen by chance, the same each time. ``JUESUAN_HYPOTHESIS=long`` tries more.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from ingest.catalogue import catalogue
from ingest.parse import parse_file
from ingest.parsed import Amount, ParsedDocument, Rejected

ROUNDS = 60 if os.environ.get("JUESUAN_HYPOTHESIS") == "long" else 3
CELLS = 600 if os.environ.get("JUESUAN_HYPOTHESIS") == "long" else 200  # a form each at least
SAMPLES = ("云岭省澜溪市文化和旅游局2023年度部门决算.txt", "晋城市行政审批服务管理局2022年度部门决算公开.txt")
STRANGE = "7777.77"  # a figure that no sample prints
_NUMBER = re.compile(r"-?[\d,]+\s*\.\s*\d+")

Parse = Callable[[list[str]], ParsedDocument]


@dataclass(frozen=True)
class Text:
    """A disclosure as lines: what stands before its forms, each form from its title on, and what stands after them."""

    before: list[str]
    forms: list[list[str]]
    after: list[str]

    def lines(self, forms: list[list[str]] | None = None) -> list[str]:
        return [*self.before, *(line for form in forms or self.forms for line in form), *self.after]


def _text_of(path: Path) -> Text:
    lines = path.read_text(encoding="utf-8").splitlines()
    titles = [
        i
        for i, line in enumerate(lines)
        # A title with its table under it, unlike one in the table of contents.
        if "\t" not in line and catalogue().title(line) and any("\t" in below for below in lines[i : i + 12])
    ]
    end = next(i for i in range(titles[0], len(lines)) if re.match(r"第[三四]部分", lines[i].strip()))
    titles = [i for i in titles if i < end]
    cuts = [*titles, end]
    return Text(lines[: cuts[0]], [lines[a:b] for a, b in pairwise(cuts)], lines[end:])


@pytest.fixture(params=SAMPLES, ids=("simulated", "real"))
def text(request: pytest.FixtureRequest, root: Path) -> Text:
    return _text_of(root / "samples" / "disclosures" / request.param)


@pytest.fixture
def parse(tmp_path: Path) -> Parse:
    def parse_lines(lines: list[str]) -> ParsedDocument:
        path = tmp_path / "disclosure.txt"
        path.write_text("\n".join(lines), encoding="utf-8")
        return parse_file(path)

    return parse_lines


def _said(amounts: tuple[Amount, ...]) -> Counter[tuple[object, ...]]:
    """What the amounts say, wherever they stand."""
    return Counter(
        (a.form_code, a.side, a.row_code, a.row_label, a.column_code, a.printed_value, a.decimals, a.unit) for a in amounts
    )


def _cells(text: Text) -> list[tuple[int, int, int]]:
    """The cells of all forms: form, line, cell."""
    return [
        (f, i, c)
        for f, form in enumerate(text.forms)
        for i, line in enumerate(form)
        if "\t" in line
        for c in range(line.count("\t") + 1)
    ]


def _with_cell(text: Text, place: tuple[int, int, int], content: str) -> list[str]:
    form, line, cell = place
    forms = [list(lines) for lines in text.forms]
    cells = forms[form][line].split("\t")
    cells[cell] = content
    forms[form][line] = "\t".join(cells)
    return text.lines(forms)


def test_the_samples_are_cut_into_their_forms(text: Text) -> None:
    assert len(text.forms) >= 8
    assert all(sum("\t" in line for line in form) > 2 for form in text.forms)


def test_every_number_in_a_frame_is_loaded_and_no_other(text: Text, parse: Parse) -> None:
    in_frames = Counter(
        re.sub(r"[\s,]", "", cell)
        for form in text.forms
        for line in form
        if "\t" in line
        for cell in line.split("\t")
        if _NUMBER.fullmatch(cell.strip())
    )
    loaded = Counter(str(a.printed_value) for a in parse(text.lines()).amounts if a.decimals)
    assert loaded == in_frames


def test_forms_in_another_order_give_the_same_amounts(text: Text, parse: Parse) -> None:
    expected = _said(parse(text.lines()).amounts)
    for seed in range(ROUNDS):
        forms = list(text.forms)
        Random(seed).shuffle(forms)
        assert _said(parse(text.lines(forms)).amounts) == expected


def test_blank_lines_anywhere_change_nothing(text: Text, parse: Parse) -> None:
    expected = _said(parse(text.lines()).amounts)
    for seed in range(ROUNDS):
        chance = Random(seed)
        lines = [
            more for line in text.lines() for more in (line, *[chance.choice(("", "  ", "\u3000"))] * (chance.random() < 0.3))
        ]
        assert _said(parse(lines).amounts) == expected


def test_spaces_in_words_change_nothing(text: Text, parse: Parse) -> None:
    expected = _said(parse(text.lines()).amounts)
    for seed in range(ROUNDS):
        chance = Random(seed)

        def spaced(cell: str, chance: Random = chance) -> str:
            if re.search(r"[A-Za-z0-9]", cell):
                return cell
            return "".join(c + chance.choice(("", "", "", " ", "\u3000")) for c in cell)

        forms = [["\t".join(map(spaced, line.split("\t"))) if "\t" in line else line for line in form] for form in text.forms]
        assert _said(parse(text.lines(forms)).amounts) == expected


def test_other_brackets_and_colons_change_nothing_but_how_labels_are_printed(text: Text, parse: Parse) -> None:
    expected = _said(parse(text.lines()).amounts)
    other = str.maketrans("（）：", "():")
    forms = [[line.translate(other) for line in form] for form in text.forms]
    found = _said(parse(text.lines(forms)).amounts)
    assert Counter({(*k[:3], str(k[3]).translate(other), *k[4:]): n for k, n in expected.items()}) == found


def _header(form: list[str]) -> tuple[int, int]:
    """The lines of a form's header that hold no amount: from, to."""
    first = next(i for i, line in enumerate(form) if "\t" in line)
    last = first
    while "\t" in form[last] and not any(_NUMBER.fullmatch(cell.strip()) for cell in form[last].split("\t")):
        last += 1
    # The row of 类 款 项 holds the total, too.
    rows = [i for i in range(first, last) if not re.match(r"[一二三]、|\d{3}", form[i])]
    return first, rows[-1] + 1


def test_a_header_that_is_repeated_in_its_table_changes_nothing(text: Text, parse: Parse) -> None:
    expected = _said(parse(text.lines()).amounts)
    for number, form in enumerate(text.forms):
        first, end = _header(form)
        body = [i for i in range(end + 1, len(form)) if "\t" in form[i]]
        if not body:
            continue
        at = Random(number).choice(body)
        forms = [*text.forms[:number], [*form[:at], *form[first:end], *form[at:]], *text.forms[number + 1 :]]
        assert _said(parse(text.lines(forms)).amounts) == expected, form[0]


def _headers(text: Text) -> Iterator[tuple[int, int, int]]:
    for number, form in enumerate(text.forms):
        first, end = _header(form)
        for line in range(first, end):
            yield from ((number, line, c) for c, cell in enumerate(form[line].split("\t")) if cell.strip())


def test_a_lost_column_header_is_a_rejection_or_harmless_never_a_loss(text: Text, parse: Parse) -> None:
    sound = parse(text.lines())
    values = Counter((a.form_code, a.printed_value) for a in sound.amounts)
    headers = list(_headers(text))
    rejected = 0
    for place in Random(1).sample(headers, min(len(headers), CELLS)):
        try:
            found = parse(_with_cell(text, place, ""))
        except Rejected as refusal:
            rejected += 1
            assert refusal.code in {"unknown_header", "ambiguous_header", "leftover_figures", "unassigned_table"}
            continue
        passed_over = {n.form_code for n in found.notices if n.kind == "unread_form"}
        kept = Counter({key: n for key, n in values.items() if key[0] not in passed_over})
        assert Counter((a.form_code, a.printed_value) for a in found.amounts) == kept
    assert rejected


def test_a_figure_put_anywhere_into_a_frame_is_loaded_once_or_the_document_is_rejected(text: Text, parse: Parse) -> None:
    sound = parse(text.lines())
    values = Counter((a.form_code, str(a.printed_value)) for a in sound.amounts)
    places = _cells(text)
    for place in Random(2).sample(places, min(len(places), CELLS)):
        try:
            found = parse(_with_cell(text, place, STRANGE))
        except Rejected:
            continue
        passed_over = {n.form_code for n in found.notices if n.kind == "unread_form"}
        now = Counter((a.form_code, str(a.printed_value)) for a in found.amounts)
        lost = Counter({key: n for key, n in (values - now).items() if key[0] not in passed_over})
        if not passed_over:
            assert sum(n for (_, value), n in now.items() if value == STRANGE) == 1, (place, text.forms[place[0]][place[1]])
        # What it stood in the place of is all that is gone.
        assert lost.total() <= 1, (place, lost)


@pytest.mark.parametrize(("digits", "is_code"), [("123456789", True), ("1234567890", False)])
def test_a_row_of_digits_longer_than_any_code_is_left_over(text: Text, parse: Parse, digits: str, is_code: bool) -> None:
    place = next((f, i, 0) for f, form in enumerate(text.forms) for i, line in enumerate(form) if re.match(r"2\d\d\t", line))
    lines = _with_cell(text, place, digits)
    if is_code:
        assert any(n.kind == "odd_code" for n in parse(lines).notices)  # kept as printed, and reported
        return
    with pytest.raises(Rejected) as refusal:
        parse(lines)
    assert refusal.value.code == "leftover_figures"
