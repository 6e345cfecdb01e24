"""From a staging to a published build: what goes in, dbt, the gate, what a build holds, the shelf on which builds stand.

Nothing here decides what is read from a document, so nothing here is part of the parser version.
"""
