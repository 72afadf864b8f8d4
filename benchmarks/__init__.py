"""Benchmarks: made-up worlds of any size, and linkcheck beside what people use today."""
