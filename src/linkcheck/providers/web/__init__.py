"""The web: every other page."""
