"""How projects were judged: the reports of 项目支出绩效自评 in a document."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.document import Document
from ingest.parsed import PerformanceIndicator, Project, ProjectExecution


@dataclass(frozen=True, slots=True)
class Performance:
    """The projects of a document in reading order, with their rows."""

    projects: tuple[Project, ...] = ()
    executions: tuple[ProjectExecution, ...] = ()
    indicators: tuple[PerformanceIndicator, ...] = ()


def read_performance(document: Document) -> Performance:
    """Read all reports of self-evaluation in a document."""
    del document
    return Performance()
