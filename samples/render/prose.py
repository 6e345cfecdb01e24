"""The explanations of a disclosure: a style (templates, as data) filled with the facts, and the claims that its sentences make.

A style is a YAML file in ``styles/``; its README says what templates can say. A sentence whose figures are not known is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from samples.render.claims import ExpectedClaim, Stated
from samples.render.facts import Entry, Facts, Measure
from samples.render.forms import chinese_number
from samples.render.ledger import fraction

Template = str | Mapping[str, Any]
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Missing(Exception):
    """A template asks for a figure that is not known."""


@dataclass(slots=True)
class Text:
    """A paragraph or a part of it, and the claims in it."""

    text: str = ""
    stated: list[Stated] = field(default_factory=list)

    def add(self, other: Text | str) -> None:
        if isinstance(other, str):
            self.text += other
            return
        for stated in other.stated:
            self.stated.append(Stated(stated.claim, stated.offset + len(self.text), stated.name))
        self.text += other.text


@dataclass(slots=True)
class Told:
    """A heading and what is told under it. ``level`` is 1 for the sections of the explanations."""

    level: int
    heading: str
    paragraphs: list[Text]


@dataclass(slots=True)
class Planted:
    """A mistake as it was printed."""

    mistake: Mapping[str, Any]
    subject: str
    printed: str
    should_be: str
    unit: str
    claim: ExpectedClaim


def tell(
    style: Mapping[str, Any], facts: Facts, part: str, mistakes: Sequence[Mapping[str, Any]] = ()
) -> tuple[list[Told], list[Planted]]:
    """All sections of one part of a style (``explanations``, ``overview``, ``notes``), and the mistakes printed in it."""
    teller = _Teller(style, facts, {m["claim"]: m for m in mistakes})
    told: list[Told] = []
    for section in style.get(part, ()):
        made = teller.section(section, sum(t.level == 1 for t in told) + 1)
        told += made
    return told, teller.planted


def _plain(value: Decimal, decimals: int, trim: bool) -> str:
    text = str(value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
    return text.rstrip("0").rstrip(".") if trim and "." in text else text


class _Teller:
    def __init__(self, style: Mapping[str, Any], facts: Facts, mistakes: Mapping[str, Mapping[str, Any]]) -> None:
        self.style = style
        self.facts = facts
        self.mistakes = mistakes
        self.planted: list[Planted] = []
        self.said: set[str] = set()  # keys whose value the sentence has stated
        self.done: set[str] = set()  # mistakes that were printed
        self.last: dict[str, ExpectedClaim] = {}  # the last completion of each key
        self.reasons = 0

    # -- sections ----------------------------------------------------------------------------------------------

    def section(self, section: Mapping[str, Any], number: int, level: int = 1, path: str = "") -> list[Told]:
        if not all(self._holds(key) for key in _list(section.get("when"))):
            return []
        mark = self.style.get("numbers", ["{cn}、", "（{cn}）", "{n}．"])[level - 1]
        heading = mark.format(n=number, cn=chinese_number(number)) + self._words(section["heading"], None)
        whole = path + heading
        paragraphs = [p for spec in section.get("paragraphs", ()) for p in self._paragraphs(spec)]
        for paragraph in paragraphs:
            _finish(paragraph, whole)
        below: list[Told] = []
        for part in section.get("parts", ()):
            below += self.section(part, sum(t.level == level + 1 for t in below) + 1, level + 1, whole)
        if not paragraphs and not below:
            return []
        return [Told(level, heading, paragraphs), *below]

    def _paragraphs(self, spec: Any) -> list[Text]:
        """A paragraph is a sentence or a list of sentences; with ``each`` it is one paragraph an entry."""
        if isinstance(spec, Mapping) and "sentences" in spec:
            result = []
            entries = self.facts.lists.get(spec["each"], [])
            for number, entry in enumerate(entries, 1):
                for sentences in spec["sentences"]:
                    text = self._sentences(_list(sentences), entry, number)
                    if text.text:
                        result.append(text)
            return result
        text = self._sentences(spec if isinstance(spec, list) else [spec], None, 0)
        return [text] if text.text else []

    def _sentences(self, templates: Sequence[Template], entry: Entry | None, number: int) -> Text:
        text = Text()
        for template in templates:
            self.said = set()
            try:
                text.add(self._sentence(template, entry, number))
            except Missing:
                continue
        return text

    def _sentence(self, template: Template, entry: Entry | None, number: int) -> Text:
        if isinstance(template, str):
            return self._fill(template, entry, number)
        if not all(self._holds(key, entry) for key in _list(template.get("when"))):
            raise Missing
        if any(self._holds(key, entry) for key in _list(template.get("unless"))):
            raise Missing
        if "each" not in template:
            return self._fill(template["text"], entry, number)
        result = self._fill(template.get("start", ""), entry, number)
        parts = []
        for n, one in enumerate(self._each(template["each"]), 1):
            if template.get("skip_zero") and not self._holds(one.key):
                continue
            try:
                parts.append(self._fill(template["text"], one, n))
            except Missing:
                continue
        if not parts:
            raise Missing
        for i, part in enumerate(parts):
            result.add(template.get("join", "；") if i else "")
            result.add(part)
        result.add(self._fill(template.get("end", "。"), entry, number))
        return result

    def _each(self, each: Any) -> list[Entry]:
        """A list of the facts, or one written in the style: measure and name."""
        if isinstance(each, str):
            return self.facts.lists.get(each, [])
        return [Entry(str(key), {"name": name}) for key, name in each]

    def _holds(self, key: str, entry: Entry | None = None) -> bool:
        """Whether a measure or a count is there and not 0; ``KEY:before`` and the like for the other years."""
        if key in self.facts.counts:
            return self.facts.counts[key] != 0
        try:
            return bool(self._value(key, entry))
        except Missing:
            return False

    # -- figures -----------------------------------------------------------------------------------------------

    def _measure(self, key: str, entry: Entry | None) -> tuple[str, Measure]:
        name = entry.key if key == "@" and entry is not None else key
        if name not in self.facts.measures:
            raise Missing
        return name, self.facts.measures[name]

    def _value(self, token: str, entry: Entry | None) -> Decimal:
        key, _, phase = token.partition(":")
        value: Decimal | None = getattr(self._measure(key, entry)[1], phase or "now")
        if value is None:
            raise Missing
        return value

    def number(self, yuan: Decimal, unit: str = "") -> str:
        """An amount as printed, without its unit and without separators."""
        unit = unit or self.style.get("unit", "万元")
        decimals = self.style.get("decimals", 2)
        value = yuan / 10_000 if unit == "万元" else yuan
        text = _plain(value, decimals, self.style.get("trim", False))
        return str(self.style.get("zero", text)) if not Decimal(text) else text

    def money(self, text: str, unit: str = "") -> str:
        if self.style.get("separators"):
            whole, dot, cents = text.partition(".")
            text = f"{int(whole):,}{dot}{cents}"
        gap = str(self.style.get("gap", ""))
        return gap + text + gap + str(unit or self.style.get("unit", "万元"))

    def percent(self, part: Decimal, whole: Decimal) -> str:
        style = self.style.get("percent", {})
        value = part / whole * 100 if whole else Decimal(0)
        return _plain(value, style.get("decimals", 2), style.get("trim", False))

    # -- templates ---------------------------------------------------------------------------------------------

    def _words(self, template: str, entry: Entry | None, number: int = 0) -> str:
        facts = self.facts
        word = "单位" if facts.scope == "unit" else "部门"
        values = {"d": facts.department, "y": facts.year, "py": facts.year - 1, "scope": word, "n": number}
        values |= {"cn": chinese_number(number), **(entry.names if entry else {})}
        return PLACEHOLDER.sub(lambda m: str(values.get(m[1], m[0])), template)

    def _fill(self, template: str, entry: Entry | None, number: int) -> Text:
        template = self._words(template, entry, number)
        result = Text()
        end = 0
        verbs: dict[str, Callable[..., Text]] = {
            "amount": self._amount,
            "plain": self._unclaimed,
            "share": self._share,
            "change": self._change,
            "completion": self._completion,
            "outcome": self._outcome,
            "count": self._count,
            "because": self._because,
            "items": self._items,
        }
        for match in PLACEHOLDER.finditer(template):
            result.add(template[end : match.start()])
            end = match.end()
            verb, *arguments = match[1].split("|")
            result.add(verbs[verb](entry, *arguments))
        result.add(template[end:])
        return result

    def _subject(self, key: str, entry: Entry | None, subject: str) -> str:
        if subject:
            return subject
        if entry is not None and "item" in entry.names:
            names = entry.names
            return f"{names['class']}（类）{names['section']}（款）{names['item']}（项）"
        return entry.names["name"] if entry is not None else str(self.style.get("subjects", {}).get(key, key))

    def _claim(self, name: str, printed: str, claim: ExpectedClaim) -> Text:
        return Text(printed, [Stated(claim, 0, name)])

    def _mistake(self, name: str) -> Mapping[str, Any]:
        """What a specification wants printed wrong here, once."""
        if name in self.done or name not in self.mistakes:
            return {}
        self.done.add(name)
        return self.mistakes[name]

    def _plant(self, mistake: Mapping[str, Any], claim: ExpectedClaim, printed: str, right: str, unit: str) -> None:
        if mistake:
            if printed == right:
                raise ValueError(f"{self.facts.department} {self.facts.year}: {mistake['claim']} would be printed right")
            self.planted.append(Planted(mistake, claim.subject, printed, right, unit, claim))

    def _amount(self, entry: Entry | None, token: str, subject: str = "", unit: str = "") -> Text:
        unit = unit or self.style.get("unit", "万元")
        key, _, phase = token.partition(":")
        name = self._measure(key, entry)[0]
        right = text = self.number(self._value(token, entry), unit)
        full = f"amount:{name}:{phase}".rstrip(":")
        mistake = self._mistake(full)
        if "as" in mistake:
            text = self.number(self._value(mistake["as"], entry), unit)
        if "swap" in mistake:
            at = int(mistake["swap"])
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        claim = ExpectedClaim("", self._subject(name, entry, subject), "amount", text, unit)
        self._plant(mistake, claim, text, right, unit)
        if not phase:
            self.said.add(name)
        return self._claim(full, self.money(text, unit), claim)

    def _unclaimed(self, entry: Entry | None, token: str) -> Text:
        key, _, phase = token.partition(":")
        if not phase:
            self.said.add(self._measure(key, entry)[0])
        return Text(self.money(self.number(self._value(token, entry))))

    def _share(self, entry: Entry | None, token: str, base: str, subject: str = "") -> Text:
        name = self._measure(token, entry)[0]
        part = self._value(token, entry)
        right = text = self.percent(part, self._value(base, entry))
        mistake = self._mistake(f"share:{name}")
        if "of" in mistake:
            text = self.percent(part, self._value(mistake["of"], entry))
        if "add" in mistake:
            text = str(Decimal(right) + Decimal(str(mistake["add"])))
        claim = ExpectedClaim("", self._subject(name, entry, subject), "share", self.number(part), self.style.get("unit", "万元"))
        claim.percent = text
        claim.compared_with = str(self.style.get("subjects", {}).get(base, base))
        self._plant(mistake, claim, text, right, "%")
        return self._claim(f"share:{name}", f"{text}%", claim)

    def _change(self, entry: Entry | None, token: str, subject: str = "", phrase: str = "change") -> Text:
        """What the style says of an increase, a decrease or neither; the figures in it make the claim."""
        key, _, phase = token.partition(":")
        name, measure = self._measure(key, entry)
        now, then = measure.now, self._value(f"{key}:{phase or 'before'}", entry)
        mistake = self._mistake(f"change:{name}")
        right = self._comparison(now, then, phrase)[0]
        if "against" in mistake:
            then = self._value(f"{key}:{mistake['against']}", entry)
        text, claim = self._comparison(now, then, phrase, mistake)
        claim.subject = self._subject(name, entry, subject)
        claim.compared_with = "2019" if phase == "earlier" else str(self.facts.year - 1)
        if name in self.said:
            claim.value, claim.unit = self.number(now), self.style.get("unit", "万元")
        self._plant(mistake, claim, text, right, "%" if mistake.get("ratio") else self.style.get("unit", "万元"))
        return self._claim(f"change:{name}", text, claim)

    def _comparison(
        self, now: Decimal, then: Decimal, phrase: str, mistake: Mapping[str, Any] | None = None
    ) -> tuple[str, ExpectedClaim]:
        wrong = mistake or {}
        variants: Mapping[str, str] = self.style[phrase]
        claim = ExpectedClaim("", "", "change")
        step = Decimal(1).scaleb(-self.style.get("decimals", 2)) * (10_000 if self.style.get("unit", "万元") == "万元" else 1)
        delta = abs(now - then)
        if wrong.get("flat") or delta < step / 2:
            kind = "zero" if not now and not then and "zero" in variants else "flat"
            claim.direction = "flat"
        else:
            up = (now > then) != bool(wrong.get("turn"))
            claim.direction = "increase" if up else "decrease"
            kind = "new" if not then and "new" in variants else claim.direction
        text = self._words(variants[kind], None)
        if "{delta}" in text or "{yuan}" in text:
            unit = "元" if "{yuan}" in text else self.style.get("unit", "万元")
            claim.delta, claim.delta_unit = self.number(Decimal(0) if kind == "zero" else delta, unit), unit
            text = text.replace("{delta}", self.money(claim.delta)).replace("{yuan}", self.money(claim.delta, "元"))
        if "{percent}" in text:
            claim.percent = self.percent(now if wrong.get("ratio") else delta, then)
            text = text.replace("{percent}", f"{claim.percent}%")
        return text, claim

    def _completion(self, entry: Entry | None, token: str, budget: str = "initial_budget", subject: str = "") -> Text:
        """Prints the percentage alone; against the revised budget where the text speaks of another than the initial one."""
        name = self._measure(token, entry)[0]
        now = self._value(token, entry)
        has_revised = self._measure(token, entry)[1].revised is not None
        planned = self._value(f"{token}:{'revised' if has_revised and budget != 'initial_budget' else 'budget'}", entry)
        # What is printed alike is complete, whatever the books say beyond the last digit.
        right = text = self.percent(planned if self.number(now) == self.number(planned) else now, planned)
        mistake = self._mistake(f"completion:{name}")
        if "inverted" in mistake:
            text = self.percent(planned, now)
        if "of" in mistake:
            text = self.percent(now, self._value(mistake["of"], entry))
        claim = ExpectedClaim("", self._subject(name, entry, subject), "completion", self.number(now))
        claim.unit, claim.percent, claim.compared_with = self.style.get("unit", "万元"), text, budget
        self._plant(mistake, claim, text, right, "%")
        self.last[name] = claim
        self.said.add(name)
        return self._claim(f"completion:{name}", f"{text}%", claim)

    def _outcome(self, entry: Entry | None, token: str, phase: str = "budget") -> Text:
        name = self._measure(token, entry)[0]
        now, planned = (self.number(self._value(t, entry)) for t in (token, f"{token}:{phase}"))
        side = "equal" if Decimal(now) == Decimal(planned) else ("above" if Decimal(now) > Decimal(planned) else "below")
        if name in self.last:
            self.last[name].direction = side
        return Text(str(self.style["outcome"][side]).replace("<because>", self._because(entry).text))

    def _count(self, entry: Entry | None, key: str, unit: str, subject: str = "") -> Text:
        if key not in self.facts.counts:
            raise Missing
        number = str(self.facts.counts[key])
        claim = ExpectedClaim("", subject or str(self.style.get("subjects", {}).get(key, key)), "count", number, unit)
        return self._claim(f"count:{key}", number + unit, claim)

    def _items(self, entry: Entry | None, listed: str) -> Text:
        """Of the items that the style lists those that the form prints an amount for; all, where it prints classes alone."""
        names = listed.split("、")
        paid = [n for n in names if any(n.startswith(p) or p.startswith(n) for p in self.facts.paid_for)]
        return Text("、".join(paid or names))

    def _because(self, entry: Entry | None) -> Text:
        """A reason; the styles hold some without figures, which are taken in turn."""
        reasons: Sequence[str] = self.style.get("reasons", ("工作任务安排调整",))
        self.reasons += 1
        return Text(reasons[int(fraction(self.facts.department, self.facts.year, self.reasons) * len(reasons))])


def _list(value: Any) -> list[Any]:
    return [] if value is None else (list(value) if isinstance(value, list | tuple) else [value])


def _finish(paragraph: Text, section: str) -> None:
    """Each claim learns its section and its sentence."""
    for stated in paragraph.stated:
        start = paragraph.text.rfind("。", 0, stated.offset) + 1
        end = paragraph.text.find("。", stated.offset)
        sentence = paragraph.text[start : end + 1 if end >= 0 else None]
        stated.claim.section = "".join(section.split())
        stated.claim.sentence = "".join(sentence.split())
