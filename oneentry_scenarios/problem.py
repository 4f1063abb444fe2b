"""What a person can put right."""


class Problem(Exception):
    """What a person has to change, and where; commands and pytest show it as it is, without a traceback."""
