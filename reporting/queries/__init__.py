"""The questions that notebooks ask the marts, one file each; what ``$names`` stand for is said in its first lines."""

from __future__ import annotations

from importlib.resources import files


def query(name: str) -> str:
    """The text of a query by the stem of its file. Raises ``FileNotFoundError``."""
    return (files(__package__) / f"{name}.sql").read_text(encoding="utf-8")
