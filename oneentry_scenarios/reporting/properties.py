"""Reads and writes Java properties, the format of Allure's `environment.properties`."""

import re
from collections.abc import Mapping


def write_properties(values: Mapping[str, str]) -> str:
    """One line for each value."""
    return "".join(f"{_escaped(name, '[=:#! ]')} = {_escaped(value)}\n" for name, value in values.items())


def read_properties(text: str) -> dict[str, str]:
    """The values that :func:`write_properties` wrote."""
    pairs = (line.split(" = ", 1) for line in text.splitlines() if " = " in line)
    return {_unescaped(name): _unescaped(value) for name, value in pairs}


def _escaped(text: str, special: str = "$^") -> str:
    return re.sub(rf"(\\|{special})", r"\\\1", " ".join(text.splitlines()))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
