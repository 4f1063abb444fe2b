"""What replay costs, measured as a ratio: our plugins against pytest-bdd that does nothing, in one run."""
