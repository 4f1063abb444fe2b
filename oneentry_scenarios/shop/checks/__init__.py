"""What must hold between what was asked for and what the shop returned; steps call these."""
