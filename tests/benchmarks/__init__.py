"""Measurements, never pass or fail: `python -m tests.benchmarks`."""
