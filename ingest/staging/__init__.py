"""The boundary to DuckDB: frames of one document, what must hold for them, and loading them in one transaction."""
