"""Benchmarks; not part of the suite."""
