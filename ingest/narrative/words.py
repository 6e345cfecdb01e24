"""The words by which claims are recognised, from ``claims.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class MeasureRule:
    """What a subject measures: the first rule of the list that fits its subject, section and unit decides."""

    measure: str
    subject: str
    section: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """Spellings as regular expressions, and units by kind. See the comments of ``claims.yaml``."""

    units: tuple[tuple[str, tuple[str, ...]], ...]
    is_name: str
    limit: str
    increase: str
    decrease: str
    above: str
    below: str
    equal: str
    flat: str
    prior_year: str
    compared: str
    share: str
    completion: str
    rate_of_execution: str
    initial_budget: str
    full_year_budget: str
    final: str
    budget: str
    generic: str
    publisher: str
    part_of: str
    part_until_semicolon: str
    opening: str
    form_head: str
    measures: tuple[MeasureRule, ...]


@cache
def words() -> Words:
    """The words of the catalogue that is part of the package."""
    return load_words(files("ingest.catalogue").joinpath("claims.yaml").read_text(encoding="utf-8"))


def load_words(text: str) -> Words:
    """Words from the text of a catalogue."""
    data: dict[str, Any] = yaml.safe_load(text)
    units = tuple((kind, tuple(names)) for kind, names in data.pop("units").items())
    measures = tuple(
        MeasureRule(entry["measure"], entry["subject"], entry.get("section"), entry.get("unit")) for entry in data.pop("measures")
    )
    alternatives = {name: "|".join(value) if isinstance(value, list) else value for name, value in data.items()}
    return Words(units=units, measures=measures, **alternatives)
