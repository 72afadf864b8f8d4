"""Markdown as GitHub renders it: items, links and headings, each with its source span."""
