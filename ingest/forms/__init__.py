"""From tables to forms: finding them, understanding their headers and rows, and vouching for what was read."""
