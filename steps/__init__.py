"""Step definitions, one module per subject."""
