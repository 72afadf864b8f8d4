"""Text to entries: YAML in our own and other layouts, Markdown lists; every value with its span."""
