"""What a form asks for: the calls of the official client's `Forms`."""

from oneentry_scenarios.api.models import Form, Page
from oneentry_scenarios.api.transport import OperationGroup, marked


class Forms(OperationGroup):
    """Reads the project's forms; texts are read in `language`."""

    group, base = "forms", "/api/content/forms"

    def get_all_forms(self, offset: int = 0, limit: int = 30) -> Page[Form]:
        """One page of the project's forms."""
        return self._call("get_all_forms", "GET", "", self._query(offset=offset, limit=limit)).into(Page[Form])

    def get_form_by_marker(self, marker: str) -> Form:
        """One form."""
        return self._call("get_form_by_marker", "GET", marked(marker), self._query()).into(Form)
