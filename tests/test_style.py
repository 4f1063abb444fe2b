"""Plain English in what people read first: features, docs and README."""

import re
from pathlib import Path

import pytest

from tools.checkout import ROOT

#: Words that readers stumbled over, or that have a standard term: see CONTRIBUTING.md.
BANNED = re.compile(
    r"(?i)\b(?:whoever|whatever|nobody|somebody|anew|mend(?:s|ed|ing)?|speaks? of|stands? in|as it comes|first contact"
    r"|for want of|by hand|at first sight|put right|whose turn|finds? a mistake)\b"
)
LONGEST_SENTENCE_WORDS = 30
#: Made by commands.
GENERATED = {"docs/faults.md", "docs/coverage.md"}
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
FEATURES = sorted((ROOT / "features").glob("*.feature"))


def sentences(markdown: str) -> list[str]:
    """Prose without code, tables, links' addresses and headings, split where a sentence ends."""
    text = re.sub(r"(?ms)^```.*?^```$|^\|.*?$|^#.*?$|<!--.*?-->", "", markdown)
    text = re.sub(r"\]\([^)]*\)|`[^`]*`", " code ", text).replace("**", "")
    blocks = re.split(r"\n\s*\n|\n\s*(?:[-*>]|\d+\.) ", text)
    return [part for block in blocks for part in re.split(r"(?<=[.!?:;])\s+", " ".join(block.split())) if part]


@pytest.mark.parametrize("path", [*PAGES, *FEATURES], ids=lambda path: str(path.relative_to(ROOT)))
def test_what_people_read_first_is_plain_english(path: Path) -> None:
    name, text = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    found = [] if name in {*GENERATED, "CONTRIBUTING.md", "CHANGELOG.md"} else BANNED.findall(text)
    long = [each for each in sentences(text) if len(each.split()) > LONGEST_SENTENCE_WORDS]
    assert not found
    assert not long or name in GENERATED or path.suffix == ".feature"
