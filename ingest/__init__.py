"""Reads disclosures of Chinese government departments into DuckDB staging."""
