"""Parse and compare license names."""
