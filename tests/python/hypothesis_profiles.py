"""How long properties are looked for: the same examples each time; ``JUESUAN_HYPOTHESIS=long`` asks for more and others."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("short", max_examples=150, derandomize=True, database=None, deadline=None)
settings.register_profile("long", max_examples=5000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])


def load() -> None:
    """Take the profile that the environment names."""
    settings.load_profile(os.environ.get("JUESUAN_HYPOTHESIS", "short"))
