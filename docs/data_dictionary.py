"""Write docs/data_dictionary.md from dbt's manifest, so that the descriptions are kept in one place: beside the models.

Run `dbt parse`, then `python docs/data_dictionary.py`. A test holds the written page against the models.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PAGE = HERE / "data_dictionary.md"
MANIFEST = HERE.parent / "target" / "manifest.json"

HEAD = """# Data dictionary

Written by `dbt parse && python docs/data_dictionary.py`; change the descriptions in `models/` and `seeds/`, not here.

Amounts are 元 as DECIMAL(20,2). A column is NULL where the form prints nothing; a printed 0 is 0. Schema `marts` is the public
interface; `staging`, `intermediate` and `seeds` stand beside it in the warehouse and may change.
"""

CODES = {
    "Form codes": ("form_kind.csv", "form_code", "name_zh"),
    "Measures that are followed through the years": ("year_measure.csv", "measure_group", "name_zh"),
}

# Folder of models/marts, or "seeds": heading.
SECTIONS = {
    "dimensions": "Dimensions",
    "documents": "Documents of a disclosure",
    "facts": "Facts",
    "metrics": "Metrics",
    "reports": "Reports on the reading itself",
    "findings": "Findings: what does not agree, and the verdict on each disclosure",
    "checks": "Accounting identities",
    "narrative": "Narrative: stated figures",
    "year_over_year": "Year over year",
    "performance": "Performance: evaluated projects",
    "seeds": "Seeds",
}


def section(node: Mapping[str, Any]) -> str | None:
    if node["resource_type"] == "seed":
        return "seeds"
    parts = Path(node["path"]).parts
    return parts[1] if node["resource_type"] == "model" and parts[0] == "marts" else None


def table(node: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {node['name']}"
    yield ""
    yield node["description"].strip()
    yield ""
    yield "| column | type | meaning |"
    yield "|---|---|---|"
    types = node["config"].get("column_types") or {}
    for column in node["columns"].values():
        kind = column["data_type"] or types.get(column["name"], "")
        meaning = column["description"].strip().replace("|", "\\|")
        yield f"| {column['name']} | {kind} | {meaning} |"
    yield ""


def render(manifest: Mapping[str, Any]) -> str:
    nodes = sorted(manifest["nodes"].values(), key=lambda node: str(node["name"]))
    lines = [HEAD]
    for folder, heading in SECTIONS.items():
        lines += [f"## {heading}", ""]
        lines += [line for node in nodes if section(node) == folder for line in table(node)]
    for heading, (seed, code, name) in CODES.items():
        lines += [f"## {heading}", "", f"`{code}`, of `seeds/{seed}`.", "", f"| {code} | |", "|---|---|"]
        lines += [f"| `{row_code}` | {row_name} |" for row_code, row_name in codes_of(HERE.parent / "seeds" / seed, code, name)]
        lines += [""]
    return "\n".join(lines).rstrip() + "\n"


def codes_of(seed: Path, code: str, name: str) -> list[tuple[str, str]]:
    """The codes of a seed with their names, in its order, each once."""
    with seed.open(encoding="utf-8", newline="") as file:
        return list(dict.fromkeys((row[code], row[name]) for row in csv.DictReader(file)))


def main(arguments: list[str]) -> int:
    manifest = Path(arguments[0]) if arguments else MANIFEST
    if not manifest.is_file():
        print(f"data_dictionary: no {manifest}; run 'dbt parse' first", file=sys.stderr)
        return 2
    PAGE.write_text(render(json.loads(manifest.read_text(encoding="utf-8"))), encoding="utf-8")
    print(f"written: {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
