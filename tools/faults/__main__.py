"""`python -m tools.faults [ID ...]`: tests which faults of an API the scenarios detect; a full run writes the docs."""

import argparse
import sys
import time
from datetime import UTC, datetime

from tools.checkout import chosen, run_all
from tools.faults import report
from tools.faults.catalogue import FAULTS
from tools.faults.report import Score
from tools.faults.run import NotGreen, Result, run, without_fault
from tools.faults.then_steps import Needed, ThenSteps


def main(arguments: list[str]) -> int:
    """Run, print the score, and after a full run write `docs/faults.md`."""
    parser = argparse.ArgumentParser(prog="python -m tools.faults", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these faults, such as create_order/total-missing")
    parser.add_argument("-v", "--verbose", action="store_true", help="print the first lines of each failure")
    options = parser.parse_args(arguments)
    faults = chosen(parser, {fault.id: fault for fault in FAULTS}, options.ids)
    begun = time.monotonic()

    def show(result: Result) -> None:
        print(f"{result.fault.id}: {_verdict(result)}", flush=True)
        if options.verbose and result.failure:
            print(result.failure.first_lines)

    try:
        right = without_fault()
    except NotGreen as error:
        print(error, file=sys.stderr)
        return 1
    score = Score(run_all(lambda fault: run(fault, right), faults, show))
    minutes = (time.monotonic() - begun) / 60
    print(f"\n{score.share()} detected, {score.well_explained()} of them with a clear message; {minutes:.1f} minutes")
    found: list[Needed] = []
    if not options.ids and not score.errors:
        steps = ThenSteps(score.results)
        print("\nThen steps, emptied one at a time:")
        found = run_all(steps.needed, steps.all, lambda each: print(report.then_line(each), flush=True))
        report.write(report.for_docs(score, found, datetime.now(UTC).date()))
    if short_of := [*score.short_of(), *(report.then_line(each) for each in found if not each.fault)]:
        print("\nbelow the required score:", *short_of, sep="\n  ", file=sys.stderr)
    return 1 if short_of else 0


def _verdict(result: Result) -> str:
    if result.problems:
        return "ERROR"
    lacking = f", but its first lines lack {', '.join(result.lacks)}" if result.lacks else ""
    return f"detected{lacking}" if result.failure else "UNDETECTED"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
