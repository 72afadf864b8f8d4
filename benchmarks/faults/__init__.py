"""The fault matrix: every fault with every upstream. ``python -m benchmarks.faults``."""
