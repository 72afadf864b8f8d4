"""Benchmarks of linkcheck and other link checkers against the sandbox."""
