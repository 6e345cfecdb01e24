"""What the prose of a disclosure states: its sentences under their headings, and the figures in them."""

from ingest.narrative.read import Narrative, read_narrative

__all__ = ["Narrative", "read_narrative"]
