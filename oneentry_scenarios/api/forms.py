"""Forms and their fields: the operations of the official client's `Forms`."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from oneentry_scenarios.api.models import ApiModel, Named, Page
from oneentry_scenarios.api.transport import OperationGroup, marker_path
from oneentry_scenarios.api.values import Text


class AskedField(ApiModel):
    """A field of a form."""

    type: Text
    marker: Text
    is_visible: bool | None = None
    is_login: bool | None = None
    is_password: bool | None = None
    list_titles: tuple[Any, ...] = Field(default=(), strict=False)
    validators: dict[str, Any] = Field(default_factory=dict)

    @property
    def is_required(self) -> bool:
        """Whether the API refuses a form without this field (inferred from the documented `requiredValidator`)."""
        return "requiredValidator" in self.validators


def _without_markers(value: object) -> object:
    return [*value.values()] if isinstance(value, dict) else value


class Form(Named):
    """A form. The API returns its fields as a list, or as an object by marker (SDK 1.0.149, FormEntitySchema)."""

    type: str | None
    processing_type: Text
    attributes: Annotated[tuple[AskedField, ...], BeforeValidator(_without_markers), Field(strict=False)]


class Forms(OperationGroup):
    """Reads the project's forms, with texts in the client's language."""

    group, base = "forms", "/api/content/forms"

    def get_all_forms(self, offset: int = 0, limit: int = 30) -> Page[Form]:
        """Return one page of the project's forms."""
        return self._get("get_all_forms", "", offset=offset, limit=limit).into(Page[Form])

    def get_form_by_marker(self, marker: str) -> Form:
        """Return one form."""
        return self._get("get_form_by_marker", marker_path(marker)).into(Form)
