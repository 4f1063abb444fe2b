"""The JUnit file, which CI servers read: written by each run, with scenarios under their names in the features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _pytest.junitxml import xml_key

from oneentry_scenarios.gherkin.identity import PROPERTY_FEATURE, PROPERTY_SCENARIO

if TYPE_CHECKING:
    import pytest


def write_by_default(config: pytest.Config) -> None:
    """Let pytest write `reports/junit.xml` unless told otherwise; a run that only looks around writes none."""
    if config.getoption("xmlpath", "") is None and not config.option.collectonly:
        config.option.xmlpath = str(config.rootpath / "reports" / "junit.xml")


def name_like_features(config: pytest.Config) -> None:
    """Call each test case by its scenario and its class by the feature, while the file is still in memory."""
    junit = config.stash.get(xml_key, None)
    for reporter in junit.node_reporters_ordered if junit else ():
        case = reporter.to_xml()
        told = {each.get("name"): each.get("value") for each in case.iterfind("properties/property")}
        if (feature := told.get(PROPERTY_FEATURE)) and (scenario := told.get(PROPERTY_SCENARIO)):
            case.set("classname", feature)
            case.set("name", scenario)
