"""What replay costs, measured as a ratio: this suite against pytest-bdd with no-op steps, in one run."""
