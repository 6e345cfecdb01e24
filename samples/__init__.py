"""Sample disclosures that the project renders itself; see README.md."""
