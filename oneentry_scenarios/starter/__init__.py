"""Creates the repository in which a team keeps its own scenarios."""
