"""The grade (等级) of a project in a text: a word, or the one of several words whose box is ticked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.text import fold, squash

LONGEST_GRADE = 4  # characters of a word that is not known and that 等级 announces

_BRACKETED = re.compile(r"（[^）]*）")
_BRACKETS = re.compile(r"[（）()\[\]【】]")
_PIECES = re.compile(r"[，；。、：\s]|(?<=分)")


@dataclass(frozen=True, slots=True)
class PrintedGrade:
    """A grade and the text that gives it. ``grade`` is ``None`` where boxes are printed and not exactly one is ticked."""

    grade: str | None
    text: str


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # word | ticked | blank
    text: str
    start: int
    end: int


class Grades:
    """The words for grades and the boxes beside them. Immutable after construction."""

    def __init__(self, words: str, ticked: str, blank: str) -> None:
        self._word = re.compile(words)
        self._ticked = ticked
        self._box = re.compile(f"[{re.escape(ticked + blank)}]")
        self._token = re.compile(f"(?P<word>{words})|(?P<ticked>[{re.escape(ticked)}])|(?P<blank>[{re.escape(blank)}])")

    def is_word(self, text: str) -> bool:
        return self._word.fullmatch(_BRACKETS.sub("", fold(text))) is not None

    def is_option(self, text: str) -> bool:
        """Whether a cell is one of the grades that one may have, or a box beside one."""
        return self._box.search(text) is not None or self.is_word(text)

    def read(self, text: str, *, known_only: bool) -> PrintedGrade | None:
        """The grade that a value prints; ``known_only`` where such a value may be something else.

        A value with figures is a score, a longer one a sentence: neither is a grade, but for a word that is known.
        """
        printed = squash(text)
        tokens = self._tokens(text)
        if any(token.kind != "word" for token in tokens):
            options = [token for token in tokens if token.kind == "word"]
            return PrintedGrade(self._ticked_word(tokens), printed) if options else None
        bare = _BRACKETED.sub("", fold(text))
        words = {piece for piece in _PIECES.split(bare) if self._word.fullmatch(piece)}
        if len(words) == 1:
            return PrintedGrade(words.pop(), printed)
        is_other = not known_only and not words and 0 < len(bare) <= LONGEST_GRADE and not any(c.isdigit() for c in bare)
        return PrintedGrade(bare, printed) if is_other else None

    def _tokens(self, text: str) -> list[_Token]:
        plain = _BRACKETS.sub("", text)
        return [_Token(str(m.lastgroup), m.group(), m.start(), m.end()) for m in self._token.finditer(plain)]

    def _ticked_word(self, tokens: list[_Token]) -> str | None:
        """The only word whose box is ticked: each box stands before its word, or each behind it."""
        words = [token for token in tokens if token.kind == "word"]
        boxes = [token for token in tokens if token.kind != "word"]
        if len(words) == len(boxes):
            found = {word.text for word, box in zip(words, boxes, strict=True) if box.kind == "ticked"}
        else:
            found = {word for index, token in enumerate(tokens) if token.kind == "ticked" and (word := _beside(tokens, index))}
        return found.pop() if len(found) == 1 else None


def _beside(tokens: list[_Token], index: int) -> str | None:
    """The word that a tick belongs to, where not every word has a box: the one that it touches, else as the first box stands."""
    box = tokens[index]
    before = tokens[index - 1] if index > 0 and tokens[index - 1].kind == "word" else None
    behind = tokens[index + 1] if index + 1 < len(tokens) and tokens[index + 1].kind == "word" else None
    touches_before = before is not None and before.end == box.start
    touches_behind = behind is not None and behind.start == box.end
    if touches_before != touches_behind:
        chosen = before if touches_before else behind
    else:
        chosen = behind if tokens[0].kind != "word" else before
    return chosen.text if chosen is not None else None
