"""`python -m tools.healthy [ID ...]`: which healthy shops turn scenarios red. Exit code 1 if any does."""

import argparse
import sys
import time
from pathlib import Path

from tools.checkout import run_all
from tools.healthy import report
from tools.healthy.catalogue import SHOPS
from tools.healthy.run import Result, run


def main(arguments: list[str]) -> int:
    """Run, print what each shop did and a summary."""
    parser = argparse.ArgumentParser(prog="python -m tools.healthy", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these shops, such as http/gzip")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the results to this file")
    options = parser.parse_args(arguments)
    known = {shop.id: shop for shop in SHOPS}
    if unknown := [each for each in options.ids if each not in known]:
        parser.error(f"not in the catalogue: {', '.join(unknown)}. It has {', '.join(known)}")
    begun = time.monotonic()

    def show(result: Result) -> None:
        print("\n    ".join([report.line(result), *report.details(result)]), flush=True)

    results = run_all(run, [known[each] for each in options.ids] or SHOPS, show)
    print(f"\n{report.for_terminal(results, (time.monotonic() - begun) / 60)}")
    if options.markdown:
        options.markdown.write_text(report.for_docs(results), encoding="utf-8")
    return 0 if all(each.is_quiet for each in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
