"""Nights that are killed, starved and started twice: what several tests and ``python -m tests.night.kill`` share."""
