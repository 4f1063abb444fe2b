"""The rules of an order's form: by language, each field of its type, required fields filled."""

from oneentry_scenarios.mock_server.checks import Body
from oneentry_scenarios.mock_server.refusals import Refusal, RequestRefused
from oneentry_scenarios.mock_server.world import Storage

# The entries of a form by language: marker, type, value.
FormData = dict[str, list[dict[str, object]]]

TYPES = ("string", "integer", "float", "text", "list", "radioButton", "date", "timeInterval", "entity")


def read_form(storage: Storage, languages: tuple[str, ...], body: Body) -> FormData:
    """The `formData` of a body. Each language in it must be complete."""
    if not isinstance(body.value("formData"), dict):
        raise RequestRefused(Refusal.FORM_DATA_FLAT)
    sections = Body(body.value("formData"), "formData")
    if not any(sections.fields.values()):
        raise RequestRefused(Refusal.FORM_DATA_EMPTY)
    return {language: _section(storage, languages, sections, language) for language in sections.fields}


def _section(storage: Storage, languages: tuple[str, ...], sections: Body, language: str) -> list[dict[str, object]]:
    if language not in languages:
        raise RequestRefused(Refusal.FORM_LANGUAGE_UNKNOWN, language=language, known=", ".join(languages))
    entries = [_entry(storage, entry) for entry in sections.objects(language)]
    # The real server also treats the number 0 as an empty field.
    filled = {entry["marker"] for entry in entries if entry["value"] not in ("", 0)}
    for field in storage.fields:
        if field.is_required and field.marker not in filled:
            raise RequestRefused(Refusal.FORM_FIELD_MISSING, marker=field.marker)
    return entries


def _entry(storage: Storage, entry: Body) -> dict[str, object]:
    given = entry.fields
    marker = given.get("marker", "undefined")
    for key in ("marker", "type", "value"):
        if key not in given:
            raise RequestRefused(Refusal.FORM_KEY_MISSING, marker=marker, key=key)
    types = {field.marker: field.type for field in storage.fields}
    expected = types.get(entry.text("marker"))
    if expected is None:
        raise RequestRefused(Refusal.FORM_MARKER_UNKNOWN, marker=marker, known=", ".join(types))
    if entry.text("type") not in TYPES:
        raise RequestRefused(Refusal.FORM_TYPE_UNKNOWN, marker=marker, known=", ".join(TYPES))
    fits = isinstance(given["value"], str) if expected == "string" else type(given["value"]) is int
    if given["type"] != expected or not fits:
        raise RequestRefused(Refusal.FORM_TYPE_WRONG)
    return {key: value for key, value in given.items() if key in ("marker", "type", "value")}
