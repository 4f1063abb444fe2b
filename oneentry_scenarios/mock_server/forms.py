"""The forms, and the rules of an order's form: values by language, with their types, and all required fields."""

from decimal import Decimal
from typing import Any

from oneentry_scenarios.mock_server.answers import Answers, RequestRefused
from oneentry_scenarios.mock_server.checks import Body, Call
from oneentry_scenarios.mock_server.shop_data import Field, Provider, ShopData, Storage

# The entries of a form by language: marker, type, value.
FormData = dict[str, list[dict[str, object]]]

TYPES = ("string", "integer", "float", "text", "list", "radioButton", "date", "timeInterval", "entity")


# Field type -> Python types of its values; the values of other types are unknown, so all are accepted.
VALUES = {"string": (str,), "radioButton": (str,), "integer": (int,), "float": (int, Decimal)}
LISTS = ("list", "entity", "timeInterval")


class Forms:
    """The forms of the auth providers and of the order storages."""

    def __init__(self, shop_data: ShopData, answer: Answers) -> None:
        asked = [("sing_in_up", each.form, _fields_of(each)) for each in shop_data.providers if each.form]  # API's name
        asked += [("order", storage.form, storage.fields) for storage in shop_data.storages]
        self._forms: dict[str, dict[str, Any]] = {}
        for kind, identifier, fields in asked:  # storages may share a form
            shown = [_form_field(answer, position, field) for position, field in enumerate(fields, start=1)]
            form = answer("form", number=len(self._forms) + 1, type=kind, identifier=identifier, fields=shown)
            self._forms.setdefault(identifier, form)

    def list(self, call: Call) -> dict[str, Any]:
        """Return all forms."""
        return {"items": [*self._forms.values()][call.page], "total": len(self._forms)}

    def read(self, call: Call) -> dict[str, Any]:
        """Return one form."""
        if call.marker not in self._forms:
            raise RequestRefused("form_not_found", identifier=call.marker)
        return self._forms[call.marker]


def _form_field(answer: Answers, position: int, field: Field) -> dict[str, Any]:
    lengths = {"stringMin": field.shortest, "stringMax": field.longest or 0, "stringLength": 0}
    validators: dict[str, object] = {"requiredValidator": {"strict": True}} if field.is_required else {}
    validators |= {"stringInspectionValidator": lengths} if field.type == "string" else {}
    return answer("form field", field=field, position=position, validators=validators)


def _fields_of(provider: Provider) -> tuple[Field, ...]:
    login, password = provider.login_field, provider.password_field
    return Field(login, "string", is_login=True), Field(password, "string", is_password=True)


def read_form(storage: Storage, languages: tuple[str, ...], body: Body) -> FormData:
    """Return the `formData` of a body; each language in it must be complete."""
    if not isinstance(body.value("formData"), dict):
        raise RequestRefused("form_data_flat")
    sections = Body(body.value("formData"), "formData")
    if not any(sections.fields.values()):
        raise RequestRefused("form_data_empty")
    return {language: _section(storage, languages, sections, language) for language in sections.fields}


def _section(storage: Storage, languages: tuple[str, ...], sections: Body, language: str) -> list[dict[str, object]]:
    if language not in languages:
        raise RequestRefused("form_language_unknown", language=language, known=", ".join(languages))
    entries = [_entry(storage, entry) for entry in sections.objects(language)]
    values = {entry["marker"]: entry["value"] for entry in entries}
    for field in storage.fields:
        value = values.get(field.marker)
        text = value.strip() if isinstance(value, str) else None
        # The real server also treats the number 0 as an empty field.
        is_empty = value in (None, 0, []) or text == ""
        is_measured = not text or field.shortest <= len(text) <= (field.longest or len(text))
        if not is_measured or (is_empty and field.is_required):
            raise RequestRefused("form_field_missing", marker=field.marker)
    return entries


def _entry(storage: Storage, entry: Body) -> dict[str, object]:
    given = entry.fields
    marker = given.get("marker", "undefined")
    for key in ("marker", "type", "value"):
        if key not in given:
            raise RequestRefused("form_key_missing", marker=marker, key=key)
    types = {field.marker: field.type for field in storage.fields}
    expected = types.get(entry.text("marker"))
    if expected is None:
        raise RequestRefused("form_marker_unknown")
    if entry.text("type") not in TYPES:
        raise RequestRefused("form_type_unknown", marker=marker, known=", ".join(TYPES))
    if given["type"] != expected or type(given["value"]) not in VALUES.get(expected, (type(given["value"]),)):
        raise RequestRefused("form_type_wrong")
    if expected in LISTS and not isinstance(given["value"], list):
        raise RequestRefused("form_value_not_a_list", marker=marker)
    return {key: value for key, value in given.items() if key in ("marker", "type", "value")}
