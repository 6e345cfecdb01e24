"""How projects were judged: the reports of 项目支出绩效自评 in a document."""

from ingest.performance.report import Performance, read_performance

__all__ = ["Performance", "read_performance"]
