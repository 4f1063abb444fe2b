"""The fault score can be trusted: a fault is found for its own reason, and a bad fault does not count as found."""

import re
from dataclasses import replace

import pytest

from tools.checkout import ROOT
from tools.coverage import reached
from tools.faults.catalogue import FAULTS
from tools.faults.catalogue.broken import BROKEN
from tools.faults.catalogue.table import Reader
from tools.faults.fault import KINDS, Fault
from tools.faults.messages import OPERATION_OF
from tools.faults.report import DOCS, HEALTHY, LEAVES, NOTES, Score, then_line
from tools.faults.run import Received, Result, run, without_fault
from tools.faults.then_steps import Needed, ThenSteps
from tools.healthy.catalogue import SHOPS

pytestmark = pytest.mark.usefixtures("measured")

#: The features in which the faults below are found.
CHOSEN = "features/order_payment.feature", "features/ordering.feature"
BY_ID = {fault.id: fault for fault in (*FAULTS, *BROKEN)}


@pytest.fixture(scope="module")
def right() -> Received:
    return without_fault(*CHOSEN)


#: A fault of each class -> the scenario that finds it.
ONE_OF_EACH = {
    "answers": ("create_order/total-text", "A customer can open a payment session for a new order"),
    "meaning": ("create_order/total-one-more", "A customer can open a payment session for a new order"),
    "protection": ("auth/wrong-password", "Orders do not change when signing in fails"),
    "behaviour": (
        "get_order_by_marker_and_id/cut",
        "The total of an order with several products is the sum of their prices",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_of_each_class_is_found(right: Received, kind: str) -> None:
    fault, scenario = ONE_OF_EACH[kind]
    result = run(BY_ID[fault], right, *CHOSEN)
    assert result.fault.kind == kind
    assert not result.problems
    assert result.failure is not None
    assert result.failure.title == scenario
    assert not result.lacks, result.failure.first_lines


def test_a_then_step_is_needed_for_a_fault_that_it_alone_finds(right: Received) -> None:
    pattern = "the preview shows the price of each product and their sum"
    steps = ThenSteps([run(BY_ID["preview_order/line-price-other"], right)])
    assert pattern in steps.all
    assert steps.needed(pattern) == Needed(pattern, "preview_order/line-price-other")
    assert then_line(Needed(pattern)) == f"DETECTS NOTHING  {pattern}"


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("create_order/broken-no-change", "it changed nothing that the suite receives"),
        ("create_order/broken-never", "it was never applied"),
        ("create_order/broken-layer", "the layer failed: Traceback"),
    ],
)
def test_a_bad_fault_is_an_error_of_the_catalogue(right: Received, fault: str, problem: str) -> None:
    result = run(BY_ID[fault], right, CHOSEN[0])
    [found] = [each for each in result.problems if problem in each]
    score = Score([result])
    assert not score.found
    assert not score.survivors
    assert any(found in each for each in score.short_of()), "the command's exit code is 1"


def test_an_aborted_run_does_not_count_as_found(right: Received) -> None:
    result = run(replace(FAULTS[0], id="create_order/not-in-the-catalogue"), right)
    assert result.failure is None
    assert "the run aborted with exit code 4" in result.problems[0]
    assert "not-in-the-catalogue is not in the catalogue" in result.problems[0]


def test_every_fault_has_a_name_of_its_own() -> None:
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)
    for fault in FAULTS:
        assert re.fullmatch(r"\w+/[a-z0-9-]+", fault.id)
        assert fault.names, fault.id


def test_every_function_of_the_catalogues_is_used() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tools").glob("*/catalogue/*.*"))
    names = re.findall(r"^(?:async )?def (\w+)", text, re.MULTILINE)
    for table in re.findall(r"^NAMES.*?^}", text, re.MULTILINE | re.DOTALL):
        names += re.findall(r'^    "(\w+)": ', table, re.MULTILINE)
    assert {"_of_both", "older_opened"} <= set(names)
    assert not [name for name in names if len(re.findall(rf"\b{name}\b", text)) < 2]


@pytest.mark.parametrize("line", ["after no_such_name", "edti _mangled", "passes as nobody"])
def test_a_line_with_an_unknown_word_is_named(line: str) -> None:
    with pytest.raises(KeyError, match=f"in the line with '{line}'"):
        Reader(globals()).change(line, {})


def test_every_operation_of_the_features_has_faults() -> None:
    used = {operation for operation, _ in reached() if operation in OPERATION_OF.values()}
    assert used
    assert used <= {fault.operations[0] for fault in FAULTS if fault.operations}


def test_the_document_lists_the_catalogue() -> None:
    faults, _, rest = DOCS.read_text(encoding="utf-8").partition("## The catalogue")[2].partition(LEAVES)
    catalogue = faults + rest.partition(HEALTHY)[2]
    assert re.findall(r"^\| `(\S+)` \|", catalogue, re.MULTILINE) == [
        *(fault.id for fault in FAULTS),
        *(shop.id for shop in SHOPS),
    ], "run make faults again; list what was removed or changed in tools/faults/notes.toml"


def test_notes_are_about_existing_faults() -> None:
    assert set(NOTES["survivors"]) <= set(BY_ID)
    for each in NOTES["changed"]:
        assert set(each) == {"id", "when", "what", "reason"}


def test_a_score_below_its_bounds_is_reported() -> None:
    survivor = Result(made("meaning"))
    assert Score([survivor]).short_of() == [
        "0 of 1 (0 %) of the faults are detected, 95 % should be",
        "create_order/made is undetected, although it breaks a rule that is documented",
    ]


def made(kind: str) -> Fault:
    return replace(FAULTS[0], id="create_order/made", kind=kind)  # type: ignore[arg-type]  # one of the four
