"""The shop as the features see it: people, purchases, and the checks that steps call."""
