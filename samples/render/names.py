"""Names of classification codes by year, as far as the samples print them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Entry = tuple[str, str, int, int]  # code, name, first year, last year


@dataclass(frozen=True, slots=True)
class Names:
    functional_entries: tuple[Entry, ...]
    economic_entries: tuple[Entry, ...]
    strict: bool = True  # whether a code without a name in its year is an error, as where it is printed

    def functional(self, year: int) -> Callable[[str], str]:
        return _lookup(self.functional_entries, year, "functional" if self.strict else "")

    def economic(self, year: int) -> Callable[[str], str]:
        return _lookup(self.economic_entries, year, "economic" if self.strict else "")

    def economic_codes(self, year: int, economic_class: str) -> list[str]:
        """A class and its sections, in order, as the fixed rows of a form list them."""
        return sorted(
            code for code, _, first, last in self.economic_entries if code.startswith(economic_class) and first <= year <= last
        )


def _lookup(entries: tuple[Entry, ...], year: int, kind: str) -> Callable[[str], str]:
    valid = {code: name for code, name, first, last in entries if first <= year <= last}

    def name(code: str) -> str:
        if code not in valid and not kind:
            return ""
        if code not in valid:
            raise KeyError(f"{kind} code {code} has no name in {year}: add it to samples/specs/{kind}_names.csv")
        return valid[code]

    return name


def _read(path: Path) -> tuple[Entry, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple((r["code"], r["name"], int(r["from_year"] or 0), int(r["to_year"] or 9999)) for r in csv.DictReader(file))


def read_names(folder: Path) -> Names:
    return Names(_read(folder / "functional_names.csv"), _read(folder / "economic_names.csv"))
