"""Edits to files: choose, apply, verify and write them. Knows no forge."""
