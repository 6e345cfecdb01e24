"""Claims: what each figure of a sentence says, of what, and compared with what.

The words right before a figure decide what it is: 占…的 makes it a share, 增长 a change, 完成年初预算的 a rate of completion;
anything else states an amount or a count. Where a clause leaves its subject out, that of the clause before holds on, as a
reader understands it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.narrative.figures import Comparison, Event, Figure, events_in, folded
from ingest.narrative.outline import numbering_of
from ingest.narrative.subjects import (
    YEAR,
    Levels,
    cleaned,
    heading_subject,
    is_same,
    levels_of,
    own_subject,
    project_of,
    up_to_levels,
)
from ingest.narrative.words import Words

MAX_SUBJECT = 80
REMEMBERED = 200  # claims of a section that later ones may speak of
MAX_OPENING = 200  # characters in which a paragraph names its subject
# What may stand between a verb of change and its figure: 增加（减少）0万元, 增长率为3%.
_VERB_TAIL = (
    r"了?(?:（[增减升降上下提高少多长加低或/、]{1,6}）|[/、](?:增加|减少|增长|下降))?"
    r"(?:额|幅度?|率|比例|数额?|支出)?(?:为|达到?|约|近|各|均)*"
)
_NO_VERB = r"(?<![至不])"  # 至少5个 and 不少于 state no change
_REASON = re.compile(r"原因|由于|主要是|因为")
# 原因是未安排；公务接待费… ends a reason, 主要原因：一是…；二是… goes on with it.
_REASON_ENDS = re.compile(r"；(?![一二三四五六]是|[（(]?\d[）).、])")
_BASE_EDGES = re.compile(r"^(?:到|了|全部|同期)|(?:的|的比重)$")
_NET = re.compile(r"相抵")
_WITH_A_FORM = re.compile(r"[与同和]《[^》]*表》")  # agrees with a form, not with a year
_NOTHING = re.compile(r"为0$")
_PRIOR_AMOUNT = re.compile(r"20\d\d年度?(?:当年|部门|实际)*(?:决算|预算|支出|收入|执行)")


@dataclass(slots=True)
class Draft:
    """A claim while its sentence is read; see :class:`ingest.parsed.Claim` for the fields."""

    sentence: int
    start: int  # where its first figure or word stands in the sentence
    claim_kind: str
    subject: str
    levels: Levels
    phase: str | None = None
    value: Figure | None = None
    stated_by: Draft | None = None  # the claim of an earlier sentence that states the value
    delta: Figure | None = None
    percent: Figure | None = None
    direction: str | None = None
    compared_with: str | None = None
    share_base: str | None = None
    whole: Draft | None = None


@dataclass(slots=True)
class Context:
    """What a reader remembers while reading on: of the section, of the paragraph, of the sentence."""

    fiscal_year: int
    is_final: bool
    publisher: str = ""
    project: str = ""  # whose report is being read
    subject: str = ""
    levels: Levels = field(default_factory=dict)
    heading_levels: Levels = field(default_factory=dict)
    current: Draft | None = None  # the last amount, which a share or a change may speak of
    stated: Draft | None = None  # the last amount or count
    whole: Draft | None = None  # what the following figures are parts of, in this sentence
    inner_whole: Draft | None = None  # the same, until the next semicolon
    list_whole: Draft | None = None  # the same, where a list of paragraphs follows
    change: Draft | None = None
    added: str | None = None  # the direction of 新增A项目1万元，B项目2万元 inside a reason
    claims: deque[Draft] = field(default_factory=lambda: deque(maxlen=REMEMBERED))  # the last ones of the section

    def enter_section(self, headings: Sequence[str]) -> None:
        """Forget what the section above spoke of; take class, section and item from the headings, innermost first."""
        self.project = project_of(headings)
        self.subject = self.project or (heading_subject(headings[0]) if headings else "")
        self.levels = {}
        self.current = self.stated = self.change = None
        self.whole = self.inner_whole = self.list_whole = None
        self.claims.clear()
        self.heading_levels = {}
        for heading in reversed(headings):
            self.heading_levels.update(levels_of(heading))
        if headings and (named := levels_of(headings[0])):
            self.levels = dict(self.heading_levels)
            numbering = numbering_of(headings[0])
            self.subject = up_to_levels(folded(headings[0])[numbering[1] if numbering else 0 :]) if named else self.subject

    def begin_paragraph(self, text: str) -> None:
        """Take the subject that a paragraph sets at its start: 1、教育支出（类）…（项）。年初预算为…"""
        body = folded(text)
        numbering = numbering_of(body)
        start = numbering[1] if numbering else 0
        clause = _NOTHING.sub("", re.split(r"[。，；：]", body[start : start + MAX_OPENING], maxsplit=1)[0])
        named = levels_of(clause)
        self.change = None
        self.added = None
        if named:
            self.levels = {**self.heading_levels, **named}
            self.subject = up_to_levels(clause)
            self.current = None
        elif numbering is not None:
            self.levels = {}
            self.current = None
            self.subject = self.project or heading_subject(clause) or self.subject

    def begin_sentence(self, text: str) -> None:
        """A sentence that is but the names of an item is the subject of those after it: 教育支出（类）…（项）。年初预算为…"""
        body = text.rstrip("。")
        if levels_of(body) and up_to_levels(body) == body and not re.search(r"[，；：\d]", body):
            self.levels = {**self.heading_levels, **levels_of(body)}
            self.subject = body
            self.current = self.change = None

    def end_sentence(self, text: str) -> None:
        """A full stop ends what the figures are parts of, unless a list of paragraphs is to follow."""
        self.inner_whole = None
        if text.rstrip()[-1:] in "：:":
            self.list_whole = self.whole or self.list_whole
        if text.rstrip()[-1:] in "。！？":
            self.whole = None


def claims_in(text: str, sentence: int, context: Context, words: Words) -> list[Draft]:
    """The claims of one sentence, in order; the context goes on to the next one."""
    read = folded(text)
    context.begin_sentence(read)
    events = events_in(read, words)
    reader = _Sentence(read, sentence, context, words, events)
    position = 0
    for index, event in enumerate(events):
        reader.pass_over(position, event.start)
        position = event.end
        if isinstance(event, Figure):
            reader.figure(index, event)
        else:
            reader.comparison(event)
    reader.pass_over(position, len(read))
    context.end_sentence(read)
    return reader.claims


_Held = tuple[Draft | None, Draft | None, Draft | None, Draft | None, str, Levels]


class _Sentence:
    """One sentence being read."""

    def __init__(self, text: str, number: int, context: Context, words: Words, events: Sequence[Event]) -> None:
        self.text = text
        self.number = number
        self.context = context
        self.words = words
        self.claims: list[Draft] = []
        self.distributed = dict(_distributed(text, events))
        self.in_reason = False
        self.rate_of: tuple[str, str] | None = None  # what 完成全年预算15万元的89% or 占支出10万元的5% is a rate of
        self.outside: list[_Held] = []  # what held before each open bracket
        self.counted = ""  # the subject of the last count of the sentence

    def pass_over(self, start: int, end: int) -> None:
        """Read the words between two figures: a reason begins, or parts of a whole, or a semicolon ends them."""
        between, context = self.text[start:end], self.context
        self._brackets(between)
        if _REASON_ENDS.search(between):
            self.in_reason = False
        self.in_reason = self.in_reason or _REASON.search(between.rpartition("；")[2]) is not None
        if "；" in between:
            context.inner_whole = context.added = None
        if context.stated is not None and context.stated.sentence == self.number:
            if re.search(self.words.part_of, between):
                context.whole = context.stated
            elif re.search(self.words.part_until_semicolon, between.rpartition("；")[2]):
                context.inner_whole = context.stated

    def _brackets(self, between: str) -> None:
        """What a bracket states is an aside: behind it the figure before it holds on (收入5万元（其中，…0万元），占…)."""
        context = self.context
        for character in between:
            if character == "（":
                self.outside.append(
                    (context.current, context.stated, context.whole, context.inner_whole, context.subject, context.levels)
                )
            elif character == "）" and self.outside:
                context.current, context.stated, context.whole, context.inner_whole, context.subject, context.levels = (
                    self.outside.pop()
                )

    # --- Figures ---

    def figure(self, index: int, figure: Figure) -> None:
        lead, lead_start = figure.lead, figure.lead_start
        if index in self.distributed:
            lead = self.distributed[index]
        elif not lead and self.text[max(lead_start - 1, 0) : lead_start] == "：":
            clause = self._clause_before(lead_start - 1)
            lead = "" if re.search(r"\d", clause) else clause
        if figure.kind in ("percent", "none"):
            self._percent(figure, lead, lead_start)
            return
        direction = self._changed(lead)
        if direction is not None:
            self._change(figure, lead, lead_start, direction)
        elif figure.kind == "points":
            return
        elif figure.kind == "money" and (added := self._added(lead)) is not None:
            self._add(figure, *added, lead_start)
        else:
            self._amount(figure, lead, lead_start)

    def _percent(self, figure: Figure, lead: str, lead_start: int) -> None:
        words = self.words
        if self.rate_of is not None and lead == "的":
            kind, base = self.rate_of
            self.rate_of = None
            lead = f"占{base}" if kind == "share" else f"完成{base}的"
        if share := _at_end(words.share, lead):
            self._share(figure, lead, share)
        elif (completion := _at_end(words.completion, lead)) and "增" not in completion.group():
            self._completion(figure, lead[: completion.start()], _budget_named(lead[completion.start() :], words))
        elif rate := _at_end(words.rate_of_execution, lead):
            self._completion(figure, lead[: rate.start()], "full_year_budget" if "全年" in lead else "budget")
        elif direction := self._changed(lead):
            self._change(figure, lead, lead_start, direction)
        elif self._is_rate_of_change(figure, lead):
            assert self.context.change is not None
            self.context.change.percent = figure
        elif figure.kind == "percent" and (added := self._added(lead)) is not None:
            self._add(figure, *added, lead_start)
        elif figure.kind == "percent":
            draft = self._new("amount", figure, self._subject(lead))
            draft.value = draft.percent = figure

    def _is_rate_of_change(self, figure: Figure, lead: str) -> bool:
        """减少0.90万元（30.00%）: a bare rate in brackets is that of the change before it."""
        change = self.context.change
        is_bare = (
            not lead and self.text[figure.start - 1 : figure.start] == "（" and self.text[figure.end : figure.end + 1] == "）"
        )
        return is_bare and change is not None and change.percent is None and change.sentence == self.number

    def _amount(self, figure: Figure, lead: str, lead_start: int) -> None:
        context = self.context
        own = self._own(lead) or self._other_side(lead, lead_start)
        is_base = self._is_base(figure, lead)
        if figure.kind == "count":
            draft = self._new("count", figure, self._counted_subject(figure, own))
            self.counted = draft.subject
        else:
            draft = self._new("amount", figure, self._with_clause_before(own, figure) if own else self._subject(lead))
        draft.value = figure
        draft.whole = context.inner_whole or context.whole or (context.list_whole if figure.kind != "count" else None)
        if figure.kind != "count":
            self._place_in_time(draft, lead, figure)
        context.change = None
        if draft.phase != "prior" and not is_base:
            context.stated = draft
            if figure.kind == "money":
                context.current = draft
        if own and figure.kind == "money" and not is_base:
            context.subject = draft.subject
            context.levels = draft.levels

    def _other_side(self, lead: str, lead_start: int) -> str:
        """支出预算 at the start of a sentence is a subject of its own where the text before it spoke of 收入."""
        context = self.context
        found = re.fullmatch(r"(?:本年|总)?(收入|支出)(?:预算|决算)?(?:数|总计|合计)?(?:为|共)?", lead)
        if found is None or lead_start > 0 or context.levels:
            return ""
        return cleaned(lead, self.words) if found[1] not in context.subject else ""

    def _is_base(self, figure: Figure, lead: str) -> bool:
        """Whether a figure is only what a rate behind it is taken of: 完成全年预算15万元的89.33%."""
        if re.match(r"的\d[\d.]*%", self.text[figure.end :]) is None:
            return False
        for kind, pattern in (("share", r"占(?P<base>[^占]*)$"), ("completion", r"(?:完成|为)(?P<base>[^完为]*预算[^完为]*)$")):
            if found := re.search(pattern, lead):
                self.rate_of = (kind, found["base"])
                return True
        return False

    def _place_in_time(self, draft: Draft, lead: str, figure: Figure) -> None:
        """Of which year an amount is, and which of its phases."""
        context, words = self.context, self.words
        year = YEAR.search(lead)
        if year and int(year.group()[:4]) != context.fiscal_year and _PRIOR_AMOUNT.search(lead):
            draft.compared_with, draft.phase = year.group()[:4], "prior"
        elif re.match(rf"(?:{words.prior_year})(?:决算|预算|执行|支出|收入)(?!结)", lead):
            draft.compared_with, draft.phase = str(context.fiscal_year - 1), "prior"
        elif (compared := _at_end(words.compared, lead)) and "预算" not in (compared["ref"] or "预算"):
            # 比上年执行数18,641.50万元增加…
            draft.compared_with, draft.phase = self._reference(lead, figure.lead_start), "prior"
        elif figure.kind == "money":
            draft.phase = _phase(lead, words, context.is_final)

    def _counted_subject(self, figure: Figure, own: str) -> str:
        """What is counted may stand after the number (5个项目), and holds on in 出国团组0个、0人次."""
        if own:
            return own
        if self.counted and (figure.joined or figure.lead):
            return self.counted
        after = re.split(r"[，。；：、（）了\d]", self.text[figure.end :], maxsplit=1)[0]
        return after if 1 < len(after) <= 24 else self.context.subject or self._opening_clause()

    def _share(self, figure: Figure, lead: str, share: re.Match[str]) -> None:
        context = self.context
        own = self._own(lead[: share.start()])
        draft = self._new("share", figure, own or self._subject(""))
        draft.percent = figure
        value = context.current
        if value is not None and (not own or is_same(own, value.subject, self.words)):
            self._speak_of(draft, value)
        draft.whole = value.whole if value is not None and draft.value is value.value else context.inner_whole or context.whole
        draft.share_base = _BASE_EDGES.sub("", share["base"] or "") or None
        if draft.share_base and draft.whole is not None and not is_same(draft.share_base, draft.whole.subject, self.words):
            draft.whole = None  # 其中小微企业合同金额5万元，占政府采购支出总额的3%: the share names another whole
        if draft.share_base is None:
            draft.share_base = draft.whole.subject if draft.whole is not None else self._taken_from()
        context.change = None

    def _taken_from(self) -> str | None:
        """The whole of “三公”经费支出中，公务接待费…，占…."""
        found = re.match(r"([^，。；：]{2,60})中[，：]", self.text)
        return cleaned(found[1], self.words) or None if found else None

    def _completion(self, figure: Figure, before: str, budget: str) -> None:
        context = self.context
        own = self._own(re.sub(r"(?:较|比)$", "", before))
        draft = self._new("completion", figure, own or self._subject(""))
        draft.percent = figure
        draft.compared_with = budget
        value = self._outcome(own)
        if value is not None:
            self._speak_of(draft, value)
        if budget == "budget":
            draft.compared_with = self._budget_stated(draft.subject)
        context.change = None

    def _outcome(self, own: str) -> Draft | None:
        """The figure that a completion judges: the last outcome, be the budget stated before or after it."""
        current = self.context.current
        if current is not None and current.phase == "final" and (not own or is_same(own, current.subject, self.words)):
            return current
        subject = own or (current.subject if current is not None else "")
        for claim in reversed(self.claims):
            if (
                claim.claim_kind == "amount"
                and claim.phase == "final"
                and subject
                and is_same(subject, claim.subject, self.words)
            ):
                return claim
        return None

    def _budget_stated(self, subject: str) -> str:
        """Which budget 完成预算的5% means: the one that the sentence states of the subject."""
        for claim in reversed(self.claims):
            if claim.phase in ("initial_budget", "full_year_budget") and claim.subject == subject:
                return claim.phase
        return "budget"

    def _changed(self, lead: str) -> str | None:
        """The direction of the verb that the words before a figure end with."""
        for direction, verbs in (("increase", self.words.increase), ("decrease", self.words.decrease)):
            if re.search(rf"{_NO_VERB}(?:{verbs}){_VERB_TAIL}$", lead):
                return direction
        if found := re.search(self._against(), lead):
            return "increase" if re.match(self.words.above, found["word"]) else "decrease"
        return None

    def _against(self) -> str:
        """小于上年预算数403.75万元, 大于年初预算数5万元: changes, too."""
        words = self.words
        against = rf"{words.prior_year}|20\d\d年度?|(?=[^，。；：]{{0,8}}预算)"
        return rf"(?P<word>{words.above}|{words.below})(?:{against})[^，。；：]{{0,10}}$"

    def _added(self, lead: str) -> tuple[str, str] | None:
        """Direction and noun of 增加综合管理费209万元 inside a reason, and of what goes on after it."""
        if not self.in_reason:
            return None
        for direction, verbs in (("increase", self.words.increase), ("decrease", self.words.decrease)):
            found = re.match(rf"(?:.*?(?:原因(?:是|为)?|是|：))?(?:{verbs})了?(?P<noun>[^，。；]{{2,60}})$", lead)
            if found:
                self.context.added = direction
                return direction, found["noun"]
        if self.context.added and lead and self.claims and self.claims[-1].claim_kind == "change":
            return self.context.added, lead
        return None

    def _change(self, figure: Figure, lead: str, lead_start: int, direction: str) -> None:
        context = self.context
        words_before = lead[: self._verb_start(lead)]
        own = self._own(words_before)
        last = context.change
        is_rate = figure.kind in ("percent", "none")
        compared = re.search(self.words.compared, lead)
        if last is not None and not own and (compared is None or self._reference(lead, lead_start) == last.compared_with):
            if is_rate and last.percent is None and last.delta is not None:
                last.percent = figure
                return
            is_of_rate = last.percent is not None and last.sentence == self.number and last.direction == direction
            if not is_rate and last.delta is None and is_of_rate and not _NET.search(lead):
                last.delta = figure
                return
        named = "" if own else self._subject_of_verb_before(lead_start)
        draft = self._new("change", figure, own or named or self._subject(""))
        if is_rate:
            draft.percent = figure
        else:
            draft.delta = figure
        if figure.value < 0:
            direction = "decrease" if direction == "increase" else "increase"
        draft.direction = "flat" if figure.value == 0 else direction
        draft.compared_with = self._reference(lead, lead_start)
        if not self.in_reason or _NET.search(lead) or not (own or named):
            self._attach_value(draft, own)
        context.change = draft

    def _subject_of_verb_before(self, lead_start: int) -> str:
        """项目支出 of 项目支出增加，较上年增加5万元."""
        if not self.in_reason or self.text[max(lead_start - 1, 0) : lead_start] != "，":
            return ""
        clause = self._clause_before(lead_start - 1)
        return self._own(clause[: self._verb_start(clause)]) if self._changed(clause) else ""

    def _add(self, figure: Figure, direction: str, noun: str, lead_start: int) -> None:
        draft = self._new("change", figure, cleaned(noun, self.words))
        if figure.kind == "percent":
            draft.percent = figure
        else:
            draft.delta = figure
        draft.direction = "flat" if figure.value == 0 else direction
        draft.compared_with = self._reference("", lead_start)
        self.context.change = draft

    def _verb_start(self, lead: str) -> int:
        found = re.search(rf"(?:各|均|同比)*(?:{self.words.increase}|{self.words.decrease}){_VERB_TAIL}$", lead)
        found = found or re.search(self._against(), lead)
        return found.start() if found else len(lead)

    # --- Words that compare ---

    def comparison(self, event: Comparison) -> None:
        if event.direction in ("flat", "increase"):
            self._compared_with_year(event)
        else:
            self._compared_with_budget(event)

    def _compared_with_year(self, event: Comparison) -> None:
        context = self.context
        if self.in_reason or _WITH_A_FORM.search(self._clause_before(event.end)):
            return
        own = self._own(event.lead)
        has_reference = bool(event.against) or re.search(self.words.compared, self.text[: event.start]) is not None
        if not has_reference and not own and context.current is None:
            return
        draft = self._new("change", event, own or self._subject(""))
        draft.direction = event.direction
        draft.compared_with = self._reference(event.against or event.lead, event.lead_start)
        self._attach_value(draft, own)
        context.change = draft

    def _compared_with_budget(self, event: Comparison) -> None:
        context = self.context
        own = self._own(event.lead)
        spoken_of = context.current.subject if context.current is not None else context.subject
        for draft in reversed(context.claims):
            if (
                draft.claim_kind == "completion"
                and draft.direction is None
                and (is_same(own, draft.subject, self.words) if own else draft.subject == spoken_of)
            ):
                draft.direction = event.direction
                return
        value = context.current
        if value is None and not own:
            return
        draft = self._new("completion", event, own or self._subject(""))
        draft.direction = event.direction
        draft.compared_with = _budget_named(event.against, self.words)
        if value is not None and value.phase == "final" and (not own or is_same(own, value.subject, self.words)):
            self._speak_of(draft, value)
            if any(claim.phase == "initial_budget" and claim.subject == draft.subject for claim in context.claims):
                draft.compared_with = "initial_budget"

    # --- Common parts ---

    def _new(self, kind: str, event: Event, subject: str) -> Draft:
        context = self.context
        named = levels_of(subject)
        levels = {**context.heading_levels, **named} if named else dict(context.levels) if subject == context.subject else {}
        draft = Draft(self.number, event.start, kind, subject[-MAX_SUBJECT:], levels)
        self.claims.append(draft)
        context.claims.append(draft)
        return draft

    def _speak_of(self, draft: Draft, value: Draft) -> None:
        """The draft judges a figure that was stated before it."""
        draft.value, draft.phase = value.value, value.phase
        draft.subject, draft.levels = value.subject, value.levels
        draft.stated_by = self._earlier(value)

    def _earlier(self, value: Draft) -> Draft | None:
        return None if value.sentence == self.number else value

    def _own(self, lead: str) -> str:
        """The subject that the words before a figure name themselves, without the publisher's name; empty where there is none."""
        own = own_subject(lead, self.words)
        publisher = self.context.publisher
        if publisher and own.startswith(publisher):
            own = re.sub(r"^（(?:部门|单位|本级|本部|系统)）|^(?:部门|本级|系统)(?=[^经])", "", own[len(publisher) :])
            own = own_subject(own, self.words)
        return own

    def _subject(self, lead: str) -> str:
        """The subject that the words before a figure name, else the one that holds on."""
        return self._own(lead) or self.context.subject or self._opening_clause()

    def _opening_clause(self) -> str:
        return cleaned(re.split(r"[，。；：\d]", self.text, maxsplit=1)[0], self.words)

    def _clause_before(self, end: int) -> str:
        return re.split(r"[，。；：]", self.text[:end])[-1]

    def _with_clause_before(self, own: str, figure: Figure) -> str:
        """A subject with the clause that it needs: 由中小企业中标的，采购金额; 某项目绩效自评结果为：总得分."""
        start = figure.lead_start
        if self.text[max(start - 2, 0) : start] == "的，":
            return re.split(r"[。；：]", self.text[: start - 1])[-1].replace("，", "") + own
        if figure.kind == "score" and self.text[max(start - 1, 0) : start] == "：" and "结果" in self._clause_before(start - 1):
            return cleaned(self._clause_before(start - 1), self.words) + own
        return own

    def _attach_value(self, draft: Draft, own: str) -> None:
        """The figure of this year that a change speaks of, where it was stated before."""
        context = self.context
        if not own:
            candidates = [context.current] if context.current is not None else []
        else:
            stated = (c for c in reversed(context.claims) if c.claim_kind in ("amount", "count") and c.value is not None)
            candidates = [c for c in stated if c.phase != "prior" and is_same(own, c.subject, self.words)]
        for value in candidates:
            if context.is_final and value.phase in ("initial_budget", "full_year_budget"):
                continue
            draft.value, draft.phase, draft.stated_by = value.value, value.phase, self._earlier(value)
            if not own:
                draft.subject, draft.levels = value.subject, value.levels
            return

    def _reference(self, lead: str, lead_start: int) -> str:
        """The year, or the budget, that a change is measured against: the last one that the sentence names before it."""
        prior = str(self.context.fiscal_year - 1)
        text = self.text[:lead_start] + lead
        found = list(re.finditer(self.words.compared, text))
        named = (found[-1]["ref"] or found[-1]["with"] or "") if found else lead
        if year := re.search(r"20\d\d", named):
            return year.group()
        if "前年" in named:
            return str(self.context.fiscal_year - 2)
        # 项目支出预算数增加 of a budget names itself, not what it is compared with.
        if re.search(self.words.prior_year, named) or "预算" not in named or not (found or self.context.is_final):
            return prior
        return _budget_named(named, self.words)


def _at_end(pattern: str, lead: str) -> re.Match[str] | None:
    return re.search(rf"(?:{pattern})$", lead)


def _budget_named(text: str, words: Words) -> str:
    if re.search(words.full_year_budget, text):
        return "full_year_budget"
    return "initial_budget" if "年初" in text else "budget"


def _phase(lead: str, words: Words, is_final: bool) -> str:
    tail = r"(?:支出|收入|安排|批复|资金)*(?:数|总额|金额|总计|合计)?(?:为|是|共|达|约)*$"
    for phase, pattern in (
        ("initial_budget", words.initial_budget),
        ("full_year_budget", words.full_year_budget),
        ("final", words.final),
        ("budget", words.budget),
    ):
        if re.search(rf"(?:{pattern}){tail}", lead):
            return phase
    return "final" if is_final else "budget"


def _distributed(text: str, events: Sequence[Event]) -> Iterator[tuple[int, str]]:
    """The lead of each figure after 分别: A、B分别为1万元、2万元."""
    index = 0
    while index < len(events):
        event = events[index]
        if not isinstance(event, Figure) or "分别" not in event.lead:
            index += 1
            continue
        run = [index]
        while run[-1] + 1 < len(events):
            following = events[run[-1] + 1]
            if not isinstance(following, Figure) or not following.joined or following.kind != event.kind:
                break
            run.append(run[-1] + 1)
        before, _, after = event.lead.rpartition("分别")
        start = max((text.rfind(mark, 0, event.lead_start) for mark in "。；：中"), default=-1) + 1
        names = [name for name in re.split(r"[、，和及与]", text[start : event.lead_start] + before) if name]
        if len(names) >= len(run) > 1:
            for position, name in zip(run, names[-len(run) :], strict=True):
                yield position, name + after
        index = run[-1] + 1
