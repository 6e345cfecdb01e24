"""All proposals for the catalogue in one file, ready to be judged, completed and pasted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.terminal import printable

# For each head of a proposal, the file of ingest/catalogue/ that it belongs to.
FILES = {"columns": "headers.yaml", "titles": "forms.yaml"}

HEAD = """\
# Proposals for ingest/catalogue/, of files that were rejected for what the catalogue does not know.
# Look at each page, decide what the text means, and move the line to the file that is named; docs/adding_a_layout.md says how."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that a rejected file proposes, and where it comes from."""

    file_path: str
    page: int | None
    paste: str


def starter(proposals: Iterable[Proposal]) -> str:
    """YAML with each proposed entry once, under its head, with the files and pages that need it; empty if nothing is proposed."""
    entries: dict[str, dict[str, list[str]]] = {}
    for proposal in proposals:
        head, _, body = proposal.paste.partition("\n")
        page = "" if proposal.page is None else f", page {proposal.page}"
        for line in body.splitlines():
            if line.strip() and not line.lstrip().startswith("#"):
                sources = entries.setdefault(head.rstrip(":"), {}).setdefault(printable(line.strip()), [])
                sources.append(printable(f"{proposal.file_path}{page}"))
    if not entries:
        return ""
    lines = [HEAD]
    for head in sorted(entries):
        lines += ["", f"# {FILES.get(head, 'performance.yaml')}", f"{head}:"]
        for entry, sources in entries[head].items():
            lines += [*(f"  # {source}" for source in dict.fromkeys(sources)), f"  {entry}"]
    return "\n".join(lines) + "\n"
