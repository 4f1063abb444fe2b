"""`python -m tools.healthy [ID ...]`: tests which healthy shops make scenarios fail; a full run writes the docs."""

import argparse
import sys
import time

from tools.checkout import chosen, run_all
from tools.faults.report import write
from tools.healthy import report
from tools.healthy.catalogue import SHOPS
from tools.healthy.run import Result, run


def main(arguments: list[str]) -> int:
    """Run the shops, print their results and a summary, and after a full run write them into `docs/faults.md`."""
    parser = argparse.ArgumentParser(prog="python -m tools.healthy", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these shops, such as http/gzip")
    options = parser.parse_args(arguments)
    shops = chosen(parser, {shop.id: shop for shop in SHOPS}, options.ids)
    begun = time.monotonic()

    def show(result: Result) -> None:
        print("\n    ".join([report.line(result), *report.details(result)]), flush=True)

    results = run_all(run, shops, show)
    print(f"\n{report.for_terminal(results, (time.monotonic() - begun) / 60)}")
    if not options.ids:
        write(report.for_docs(results))
    return 0 if all(each.is_quiet for each in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
