"""What is left out while something is imported is there again afterwards."""

from __future__ import annotations

import importlib
import json
import sys

import pytest

from oneentry_scenarios.imports import without


def test_what_is_left_out_cannot_be_imported_and_comes_back() -> None:
    with without("json", "no_such_package"):
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("json")
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("no_such_package")
    assert importlib.import_module("json") is json
    assert "no_such_package" not in sys.modules


def test_it_comes_back_after_a_failure() -> None:
    with pytest.raises(KeyError), without("json"):
        raise KeyError
    assert sys.modules["json"] is json
