"""What measures us: faults, coverage, benchmarks."""
