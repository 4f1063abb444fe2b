"""Makes the HTML report: `python -m oneentry_scenarios.reporting [directory with Allure results ...]`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from oneentry_scenarios.reporting.html import NoReportError, make_report
from oneentry_scenarios.reporting.offline import NotOfflineError


def main() -> int:
    """Make the report and say where it is."""
    parser = argparse.ArgumentParser(prog="python -m oneentry_scenarios.reporting", description=__doc__)
    explained = "a directory with Allure results; several become one report; without any, the newest run is taken"
    parser.add_argument("results", nargs="*", type=Path, help=explained)
    try:
        report = make_report(parser.parse_args().results)
    except (NoReportError, NotOfflineError) as error:
        print(error, file=sys.stderr)
        return 1
    shown = os.path.relpath(report) if report.is_relative_to(Path.cwd()) else report
    print(f"Report: {shown} ({report.as_uri()})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
