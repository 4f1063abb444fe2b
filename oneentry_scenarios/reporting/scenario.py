"""What the report says of a scenario before it runs: its place in the tree, its name, history and tags."""

import functools
import hashlib
from uuid import uuid4

import pytest
from allure_commons.model2 import Label, Parameter, TestResult
from allure_commons.types import LabelType, Severity
from pydantic.alias_generators import to_camel

from oneentry_scenarios.gherkin.identity import IDENTITY, template_of

#: The tags that set a label of Allure, such as `@severity:critical`.
TAGS_FOR_ALLURE = {"severity": LabelType.SEVERITY, "epic": LabelType.EPIC}

_DOCS = "https://js-sdk.oneentry.cloud/docs"
#: The page of this operation keeps the name that the method had before version 1.0.149 of the official client.
_RENAMED = {"orders/getOrdersStorageByMarker": "orders/getOrderByMarker"}


@functools.cache  # asked for with each exchange
def page_of(operation: str) -> str:
    """The page of the official client's reference that describes `operation`, such as `orders.create_order`."""
    group, _, method = operation.partition(".")
    path = f"{group.replace('_', '-')}/{to_camel(method)}"
    return f"{_DOCS}/{_RENAMED.get(path, path)}"


def sets_label(tag: str) -> bool:
    """Whether `tag` sets a label of Allure; raises CollectError if Allure has no such severity."""
    kind, colon, value = tag.partition(":")
    severities = [severity.value for severity in Severity]
    if kind == "severity" and colon and value not in severities:
        raise pytest.Collector.CollectError(f"@{tag} is no severity. Use one of: {', '.join(severities)}.")
    return bool(colon) and kind in TAGS_FOR_ALLURE


def labels_of(item: pytest.Item) -> dict[str, str]:
    """The place of `item` in Allure's tree, top first, without a rule directly below its feature; and its severity."""
    template, identity = template_of(item), item.stash[IDENTITY]
    labels = {LabelType.EPIC: "OneEntry shop", LabelType.FEATURE: identity.feature}
    if identity.rule:
        labels[LabelType.STORY] = identity.rule
    # The scenario's own tags win over its rule's, and these over its feature's.
    for tags in (template.feature.tags, template.rule.tags if template.rule else set(), template.tags):
        for tag in sorted(filter(sets_label, tags)):
            kind, _, value = tag.partition(":")
            labels[TAGS_FOR_ALLURE[kind]] = value
    return labels


def new_result(item: pytest.Item) -> TestResult:
    """The result of a scenario about to run; ids come from feature, rule, name and row, so that history is kept."""
    template, identity, labels = template_of(item), item.stash[IDENTITY], labels_of(item)
    about = template.description, template.feature.description, f"`{identity.feature_file}:{identity.line}`"
    worker = getattr(item.config, "workerinput", {}).get("workerid", "main")
    # What Allure needs to draw its timeline, without the machine's name.
    timeline = [(LabelType.HOST, "this run"), (LabelType.THREAD, worker)]
    # Tags are marks without arguments; others have another source.
    plain = {mark.name for mark in item.iter_markers() if not (mark.args or mark.kwargs)}
    tags = [(LabelType.TAG, tag) for tag in sorted(plain)]
    full_name = ": ".join(filter(None, (identity.feature_file, identity.rule, identity.name)))
    return TestResult(
        uuid=str(uuid4()),
        name=identity.title,
        fullName=full_name,
        testCaseId=_digest(full_name),
        historyId=_digest(full_name, *(part for pair in sorted(identity.row.items()) for part in pair)),
        titlePath=[value for kind, value in labels.items() if kind != LabelType.SEVERITY],
        description="\n\n".join(filter(None, map(str.strip, about))),
        labels=[Label(name, value) for name, value in (*labels.items(), *tags, *timeline)],
        parameters=[Parameter(name, value) for name, value in identity.row.items()],
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
