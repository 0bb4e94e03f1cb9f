"""What profiles cost, a module for each target; `benchmarks/profiler.py` puts them together."""
