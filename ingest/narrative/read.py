"""From a document to its sentences and claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.document import Document
from ingest.narrative.claims import Context, Draft, claims_in
from ingest.narrative.figures import Figure, folded
from ingest.narrative.outline import DEFINITION, GLOSSARY, Outline, numbering_of, split_heading
from ingest.narrative.paragraphs import Paragraph, paragraphs
from ingest.narrative.subjects import measure_of
from ingest.narrative.words import Words, words
from ingest.parsed import Claim, Disclosure, Sentence
from ingest.text import squash

MAX_SENTENCE = 1500  # characters
_SENTENCE_END = re.compile(r"[。！？]+[”）]?")
_CLAUSE_END = re.compile(r"[，。；：！？]")
_PROSE = re.compile(r"[，。；：]")
_ASIDE = re.compile(r"（[^（）]+）")  # behind the last sentence of a paragraph


@dataclass(frozen=True, slots=True)
class Narrative:
    """Sentences in reading order, and the claims in them."""

    sentences: tuple[Sentence, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stated:
    """A claim with the paragraph and the place in it from which its sentence comes."""

    draft: Draft
    text: str
    paragraph: Paragraph
    offset: int


def read_narrative(document: Document, disclosure: Disclosure) -> Narrative:
    """Read the prose of a document; the disclosure tells which year 上年 is."""
    known = words()
    outline = Outline([])
    context = Context(
        disclosure.fiscal_year, disclosure.disclosure_kind == "final_account", folded(squash(disclosure.department_name))
    )
    sentences: list[Sentence] = []
    stated: list[_Stated] = []
    for paragraph in paragraphs(document):
        heading, start = split_heading(paragraph.text)
        if heading is not None:
            outline.enter(heading)
            context.enter_section(list(outline.texts()))
        if start >= len(paragraph.text):
            continue
        section = outline.path()
        body = paragraph.text[start:]
        if re.search(known.form_head, folded(body)):
            continue
        is_glossary = any(GLOSSARY.search(text) for text in outline.texts()) and _defines(folded(body))
        if not is_glossary:
            context.begin_paragraph(body)
        for begin, text in _sentences(body):
            if _PROSE.search(folded(text)) is None and not (begin and _ASIDE.fullmatch(folded(text))):
                continue
            offset = start + begin
            page, line = paragraph.place(offset)
            last_page, _ = paragraph.place(offset + len(text) - 1)
            number = len(sentences) + 1
            sentences.append(Sentence(number, section, text, page, last_page, line))
            if not is_glossary:
                stated.extend(_Stated(draft, text, paragraph, offset) for draft in claims_in(text, number, context, known))
    return Narrative(tuple(sentences), tuple(_claims(stated, sentences, known)))


def _defines(text: str) -> bool:
    numbering = numbering_of(text)
    return DEFINITION.match(text, numbering[1] if numbering else 0) is not None


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for end in (*(found.end() for found in _SENTENCE_END.finditer(text)), len(text)):
        while end - start > MAX_SENTENCE:
            # No sentence is that long; a text without full stops is cut between clauses, so that reading it stays quick.
            cuts = [found.end() for found in _CLAUSE_END.finditer(text, start, start + MAX_SENTENCE)]
            cut = cuts[-1] if cuts else start + MAX_SENTENCE
            yield start, text[start:cut]
            start = cut
        if start < end:
            yield start, text[start:end]
        start = end


def _claims(stated: list[_Stated], sentences: list[Sentence], known: Words) -> Iterator[Claim]:
    orders = {id(claim.draft): order for order, claim in enumerate(stated, start=1)}
    for order, claim in enumerate(stated, start=1):
        draft = claim.draft
        page, line = claim.paragraph.place(claim.offset + draft.start)
        section = sentences[draft.sentence - 1].section
        delta = draft.delta
        yield Claim(
            claim_order=order,
            sentence_order=draft.sentence,
            quote=_quote(claim),
            subject=draft.subject or section.rpartition(" / ")[2] or "?",
            measure=_measure(draft, section, known),
            class_name=draft.levels.get("类"),
            section_name=draft.levels.get("款"),
            item_name=draft.levels.get("项"),
            claim_kind=draft.claim_kind,
            phase=draft.phase,
            value_text=_printed(draft.value, draft, claim.text, sentences),
            printed_value=None if draft.value is None else draft.value.value,
            unit=None if draft.value is None else _unit(draft.value),
            decimals=None if draft.value is None else draft.value.decimals,
            delta_text=None if delta is None else _slice(claim.text, delta),
            printed_delta=None if delta is None else abs(delta.value),
            delta_unit=None if delta is None else _unit(delta),
            delta_decimals=None if delta is None else delta.decimals,
            direction=draft.direction,
            percent_text=None if draft.percent is None else _slice(claim.text, draft.percent),
            printed_percent=None if draft.percent is None else abs(draft.percent.value),
            percent_decimals=None if draft.percent is None else draft.percent.decimals,
            compared_with=draft.compared_with,
            share_base=draft.share_base,
            base_measure=measure_of(draft.share_base, "", "元", known) if draft.share_base else None,
            whole_order=None if draft.whole is None else orders.get(id(draft.whole)),
            value_order=None if draft.stated_by is None else orders[id(draft.stated_by)],
            source_page=page,
            source_line=line,
            confidence=claim.paragraph.confidence(claim.offset, claim.offset + len(claim.text)),
        )


def _quote(claim: _Stated) -> str:
    """The sentence or, where a page ends in it and not between the figures of the claim, the clauses on the claim's page."""
    text, draft = claim.text, claim.draft
    stated = [figure for figure in (draft.delta, draft.percent) if figure is not None]
    if draft.value is not None and draft.stated_by is None:
        stated.append(draft.value)
    first = min([draft.start, *(figure.start for figure in stated)])
    last = max([draft.start + 1, *(figure.end for figure in stated)])
    page, _ = claim.paragraph.place(claim.offset + first)

    def is_on_page(offset: int) -> bool:
        return claim.paragraph.place(claim.offset + offset)[0] == page

    cuts = [found.end() for found in _CLAUSE_END.finditer(text)]
    start = 0 if is_on_page(0) else min((cut for cut in cuts if cut <= first and is_on_page(cut)), default=0)
    ends = [cut for cut in cuts if cut >= last and is_on_page(cut - 1)]
    end = len(text) if is_on_page(len(text) - 1) or not ends else ends[-1]
    return text[start:end]


def _slice(text: str, figure: Figure) -> str:
    return text[figure.start : figure.number_end]


def _printed(figure: Figure | None, draft: Draft, text: str, sentences: list[Sentence]) -> str | None:
    if figure is None:
        return None
    source = text if draft.stated_by is None else sentences[draft.stated_by.sentence - 1].text
    return _slice(source, figure)


def _unit(figure: Figure) -> str:
    # 0.39万（含…: the unit that is left out is 元.
    return "万元" if figure.unit == "万" and figure.kind == "money" else figure.unit


def _measure(draft: Draft, section: str, known: Words) -> str | None:
    if draft.levels:
        return "expenditure_by_function"
    figure = draft.value or draft.delta
    return measure_of(draft.subject, section, figure.unit if figure else "元", known)
