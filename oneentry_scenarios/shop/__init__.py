"""The shop as features describe it: people, purchases, and the checks that steps call."""
