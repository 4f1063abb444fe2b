"""The JUnit file, which CI servers read: written by each run, with the names of the features and without secrets."""

from collections.abc import Callable

import pytest
from _pytest.junitxml import xml_key

from oneentry_scenarios.gherkin.identity import PROPERTY_FEATURE, PROPERTY_SCENARIO


def write_by_default(config: pytest.Config) -> None:
    """Let pytest write `reports/junit.xml` unless another file is named; `--collect-only` writes none."""
    if config.getoption("xmlpath", "") is None and not config.option.collectonly:
        config.option.xmlpath = str(config.rootpath / "reports" / "junit.xml")


def finish(config: pytest.Config, redact: Callable[[str], str]) -> None:
    """Name each test case by its scenario and its class by the feature, and redact it all, while still in memory."""
    junit = config.stash.get(xml_key, None)
    for reporter in junit.node_reporters_ordered if junit else ():
        case = reporter.to_xml()
        properties = {each.get("name"): each.get("value") for each in case.iterfind("properties/property")}
        if (feature := properties.get(PROPERTY_FEATURE)) and (scenario := properties.get(PROPERTY_SCENARIO)):
            case.set("classname", feature)
            case.set("name", scenario)
        for element in case.iter():
            element.text = redact(element.text or "") or None
            for name, value in element.attrib.items():
                element.set(name, redact(value))
