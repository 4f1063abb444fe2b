"""What must hold between what was asked for and what the shop returned, else a check raises AssertionError."""
