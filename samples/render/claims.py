"""The claims that a text makes, as they are expected to be read out of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class ExpectedClaim:
    """One stated figure or comparison, as printed without separators. ``direction`` and ``claim_kind`` as in the warehouse."""

    section: str
    subject: str
    claim_kind: str
    value: str = ""
    unit: str = ""
    compared_with: str = ""
    delta: str = ""
    delta_unit: str = ""
    direction: str = ""
    percent: str = ""
    sentence: str = ""
    page: str = ""


@dataclass(slots=True)
class Stated:
    """A claim, where in its paragraph it stands, and by which name a specification may have it printed wrong."""

    claim: ExpectedClaim
    offset: int
    name: str
