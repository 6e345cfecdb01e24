"""Render the sample disclosures from their figures and layouts: ``python -m samples.render``."""
