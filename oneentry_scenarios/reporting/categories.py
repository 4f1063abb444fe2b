"""The categories of failure in the report: they say who has to act."""

from typing import Any

from allure_commons.model2 import Status

#: In order: the first that fits counts. An exception is known by the class that its message begins with.
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("The recording is out of date", ("RecordingMismatch", "CassetteError")),
    ("The API is unreachable", ("Unreachable",)),
    ("The API is wrong", ("Refused", "Unreadable", "AssertionError", "Failed")),
)
_THE_REST = "The suite is wrong"


def categories() -> list[dict[str, Any]]:
    """The categories as both Allure 2 and Allure 3 read them."""
    # Allure 2 wants the whole message to match, Allure 3 any part of it; this says the same to both.
    rules = [(name, rf"^([\w.]+\.)?({'|'.join(classes)})\b[\s\S]*$") for name, classes in _KINDS]
    statuses = [Status.FAILED, Status.BROKEN]
    return [
        {"name": name, "messageRegex": pattern, "matchedStatuses": statuses}
        for name, pattern in (*rules, (_THE_REST, r"^[\s\S]*$"))
    ]
