"""Makes sure that a report asks nothing from the network: takes out its analytics, and forbids the rest."""

import re
from html.parser import HTMLParser

from oneentry_scenarios.problem import Problem

#: What the browser may load: only what the file itself holds. With it, not even a script could call home.
POLICY = "default-src data: blob: 'unsafe-inline' 'unsafe-eval'; form-action 'none'; base-uri file: data:"

_ANALYTICS = re.compile(
    r"<script[^>]*googletagmanager[^>]*>\s*</script>|<script>(?:(?!</script>).)*\bgtag\((?:(?!</script>).)*</script>",
    re.DOTALL,
)
_ADVICE = "Another version of Allure? Then oneentry_scenarios/reporting/offline.py must learn it."
_LOADING_ATTRIBUTES = frozenset({"src", "href", "srcset", "data", "action", "poster"})
_OUTSIDE = re.compile(r"\s*(?:(?:https?|wss?|ftp):)?//", re.IGNORECASE)


class NoReportError(Problem):
    """Why there is no new report, and what to do about it."""


def make_offline(page: str) -> str:
    """`page` without analytics, all requests forbidden; raises NoReportError if it would still load something."""
    head, charset, rest = _ANALYTICS.sub("", page).partition('<meta charset="utf-8">')
    if not charset:
        raise NoReportError(f"Allure's page has no head that we know. {_ADVICE}")
    page = f'{head}{charset}\n    <meta http-equiv="Content-Security-Policy" content="{POLICY}">{rest}'
    if outside := outside_of(page):
        raise NoReportError(f"The report would load {', '.join(outside)}. {_ADVICE}")
    return page


def outside_of(page: str) -> list[str]:
    """What `page` would load from elsewhere."""
    finder = _Finder()
    finder.feed(page)
    return finder.found


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._script = tag == "script"
        if tag != "a":
            loads = (value for name, value in attrs if name in _LOADING_ATTRIBUTES and value)
            self.found += filter(_OUTSIDE.match, loads)

    def handle_data(self, data: str) -> None:
        if self._script:
            self.found += re.findall(r"googletagmanager|google-analytics", data)
