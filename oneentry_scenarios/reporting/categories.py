"""The categories of failure in the report: they say who has to act."""

from typing import Any

from allure_commons.model2 import Status

#: In order: the first that fits counts. An exception is known by the class that its message begins with.
_CLASSES = {
    "The recording is out of date": r"(RecordingMismatch|CassetteError)\b",
    "The API is unreachable": r"Unreachable\b",
    "The API is wrong": r"(Refused|Unreadable|AssertionError|Failed)\b",
    "The suite is wrong": "",
}


def categories() -> list[dict[str, Any]]:
    """The categories as both Allure 2 and Allure 3 read them."""
    # Allure 2 wants the whole message to match, Allure 3 any part of it; this says the same to both.
    statuses = [Status.FAILED, Status.BROKEN]
    return [
        {"name": name, "messageRegex": rf"^([\w.]+\.)?{classes}[\s\S]*$", "matchedStatuses": statuses}
        for name, classes in _CLASSES.items()
    ]
