"""A disclosure laid out as sections of paragraphs and grids, ready for any writer."""

from __future__ import annotations

from dataclasses import dataclass, field

from samples.render.claims import Stated
from samples.render.grid import Grid


@dataclass(slots=True)
class Paragraph:
    """Text; with ``left`` or ``right`` one line of pieces, as over a form. ``heading`` is its level in Markdown."""

    text: str
    size: float = 11
    align: str = "left"
    indent: bool = False
    skip: float = 0
    leading: float = 1.6
    left: str = ""
    right: str = ""
    heading: int = 0
    stated: list[Stated] = field(default_factory=list)  # claims, whose page the writer fills in


@dataclass(slots=True)
class Section:
    """What belongs together: a cover, a form with its head and notes, a part of the prose."""

    blocks: list[Paragraph | Grid] = field(default_factory=list)
    wide: bool = False
    new_page: bool = True
    form: str = ""


@dataclass(slots=True)
class Rendering:
    title: str
    sections: list[Section] = field(default_factory=list)
