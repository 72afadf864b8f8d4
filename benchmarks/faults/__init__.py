"""The fault matrix: every upstream met with every fault. ``python -m benchmarks.faults``."""
