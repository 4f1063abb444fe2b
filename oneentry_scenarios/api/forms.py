"""What a form asks for: the calls of the official client's `Forms`."""

from urllib.parse import quote

from oneentry_scenarios.api.models import Form, Page
from oneentry_scenarios.api.transport import OperationGroup

_BASE = "/api/content/forms"


class Forms(OperationGroup):
    """Reads the project's forms; texts are read in `language`."""

    group = "forms"

    def get_all_forms(self, offset: int = 0, limit: int = 30) -> Page[Form]:
        """One page of the project's forms."""
        return self._call("get_all_forms", "GET", _BASE, self._query(offset=offset, limit=limit)).into(Page[Form])

    def get_form_by_marker(self, marker: str) -> Form:
        """One form."""
        path = f"{_BASE}/marker/{quote(marker, safe='')}"
        return self._call("get_form_by_marker", "GET", path, self._query()).into(Form)
