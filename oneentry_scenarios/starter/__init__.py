"""Creates a repository for a team's own scenarios."""
