"""The OpenAPI document of the mock server, made from its table of routes."""

from typing import Any

from oneentry_scenarios.mock_server.checks import MAX_INTEGER
from oneentry_scenarios.mock_server.order import UNSET
from oneentry_scenarios.mock_server.refusals import Refusal
from oneentry_scenarios.mock_server.routes import OPERATIONS, Needs, Operation
from oneentry_scenarios.mock_server.world import DEFAULT

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
ID: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
BY_LANGUAGE: Schema = {"type": "object"}


def record(optional: Schema | None = None, **fields: Schema) -> Schema:
    """An object whose fields are all there and the only ones, but for the optional."""
    properties = fields | (optional or {})
    return {"type": "object", "required": [*fields], "properties": properties, "additionalProperties": False}


def several(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


def paged(items: Schema) -> Schema:
    """A part of a list, and how many there are."""
    return record(items=several(items), total=ID)


def nullable(schema: Schema) -> Schema:
    """Also null."""
    return schema | {"type": [schema["type"], "null"]}


ENTRY = record(marker=TEXT, type=TEXT, value={})
LINES = several(record(productId=ID, quantity=ID))
TOKENS = record(userIdentifier=TEXT, authProviderIdentifier=TEXT, accessToken=TEXT, refreshToken=TEXT)
PROVIDER = record(
    **dict.fromkeys(("identifier", "type", "userGroupIdentifier"), TEXT),
    **dict.fromkeys(("isActive", "isCheckCode"), FLAG),
    id=ID,
    version=ID,
    formIdentifier=nullable(TEXT),
    localizeInfos=BY_LANGUAGE,
    config={"type": "object"},
)
USER = record(
    **dict.fromkeys(("identifier", "authProviderIdentifier", "formIdentifier", "total"), TEXT),
    id=ID,
    formData=BY_LANGUAGE,
    groups=several(ID),
    state={"type": "object"},
    moduleFormConfigs={"type": "array"},
)
STORAGE = record(
    **dict.fromkeys(("id", "position", "generalTypeId"), ID),
    **dict.fromkeys(("identifier", "formIdentifier"), TEXT),
    localizeInfos=BY_LANGUAGE,
    paymentAccountIdentifiers=several(record(identifier=TEXT)),
)
STATUS = record(
    {"axis": TEXT} | dict.fromkeys(("isFinalSuccess", "isCancelFinal", "isMapped"), FLAG),
    id=ID,
    identifier=TEXT,
    localizeInfos=BY_LANGUAGE,
    position=ID,
    isUsed=FLAG,
    isDefault=FLAG,
)
WRITTEN_ORDER = record(
    {"statusIdentifier": TEXT},
    **dict.fromkeys(("formIdentifier", "paymentAccountIdentifier", "currency"), TEXT),
    id=ID,
    formData={"type": "object", "additionalProperties": several(ENTRY)},
    products=LINES,
    totalSum=NUMBER,
    createdDate=MOMENT,
)
READ_ORDER = record(
    {name: {} for name in ("discountConfig", "totalSumRaw", "isPartial", "paymentStrategy", "split", *UNSET)},
    **dict.fromkeys(("statusIdentifier", "formIdentifier", "attributeSetIdentifier", "totalSum", "currency"), TEXT),
    **dict.fromkeys(("statusLocalizeInfos", "paymentAccountLocalizeInfos"), BY_LANGUAGE),
    id=ID,
    storageId=ID,
    createdDate=MOMENT,
    formData=several(ENTRY),
    paymentAccountIdentifier=TEXT,
    products=several(record(id=ID, title=TEXT, sku={}, previewImage={}, isGift=FLAG, price=NUMBER, quantity=ID)),
    paymentUrl=nullable(TEXT),
    isCompleted=nullable(FLAG),
)
PREVIEW = record(
    **dict.fromkeys(("totalSum", "totalSumWithDiscount", "bonusApplied", "totalDue"), NUMBER),
    discountConfig={"type": "object"},
    currency=TEXT,
    orderPreview=several(record(id=ID, price=NUMBER, quantity=ID, discountPrice={}, isGift=FLAG)),
)
SESSION = record(
    {"amount": {"type": "null"}, "clientSecret": TEXT},
    **dict.fromkeys(("id", "paymentAccountId", "orderId"), ID),
    **dict.fromkeys(("createdDate", "updatedDate"), MOMENT),
    type=TEXT,
    status=TEXT,
    paymentUrl=nullable(TEXT),
)
ACCOUNT = record(
    **dict.fromkeys(("isVisible", "isUsed", "testMode"), FLAG),
    settings=record(status=TEXT),
    testSettings=record({"successUrl": TEXT, "cancelUrl": TEXT}, status=TEXT),
    id=ID,
    identifier=TEXT,
    type=TEXT,
    localizeInfos=BY_LANGUAGE,
    updatedDate=MOMENT,
)
ERROR = record(statusCode=ID, message=TEXT)

COUNT: Schema = {"type": "integer", "minimum": 1, "maximum": MAX_INTEGER}
NAMED = record(marker={"enum": ["name"]}, type={"enum": ["string"]}, value=TEXT | {"minLength": 1})
ORDER_BODY: Schema = {
    "type": "object",
    "required": ["formIdentifier", "paymentAccountIdentifier", "formData", "products"],
    "properties": {
        "formIdentifier": {"enum": [DEFAULT.storages[0].form]},
        "paymentAccountIdentifier": {"enum": ["cash", "stripe"]},
        "formData": record(en_US=several(NAMED) | {"minItems": 1}),
        "products": several(record(productId={"enum": [product.id for product in DEFAULT.products]}, quantity=COUNT)),
    },
}
SIGN_INS = [
    [{"marker": "email_reg", "value": user.identifier}, {"marker": "password_reg", "value": user.password}]
    for user in DEFAULT.users
]

BODIES: dict[str, Schema] = {
    "auth_provider.auth": record(authData={"enum": SIGN_INS}),
    "auth_provider.refresh": record(refreshToken=TEXT),
    "auth_provider.logout": record(refreshToken=TEXT),
    "orders.create_order": ORDER_BODY,
    "orders.update_order_by_marker_and_id": ORDER_BODY,
    "orders.preview_order": {"type": "object", "properties": {"products": ORDER_BODY["properties"]["products"]}},
    "payments.create_session": record(
        {"automaticTaxEnabled": FLAG}, orderId={"enum": [89, 90, 91]}, type={"enum": ["session", "intent"]}
    ),
}
ANSWERS: dict[str, Schema] = {
    "auth_provider.get_auth_providers": several(PROVIDER),
    "auth_provider.get_auth_provider_by_marker": PROVIDER,
    "auth_provider.auth": TOKENS,
    "auth_provider.refresh": TOKENS,
    "auth_provider.logout": {"const": True},
    "auth_provider.logout_all": {"const": True},
    "auth_provider.get_active_sessions_by_marker": several(
        record(deviceInfo=record(os=TEXT, browser=TEXT, location=TEXT))
    ),
    "users.get_user": USER,
    "orders.get_all_orders_storage": several(STORAGE),
    "orders.get_orders_storage_by_marker": STORAGE,
    "orders.get_all_statuses_by_storage_marker": several(STATUS),
    "orders.create_order": WRITTEN_ORDER,
    "orders.get_all_orders_by_marker": paged(READ_ORDER),
    "orders.get_order_by_marker_and_id": READ_ORDER,
    "orders.update_order_by_marker_and_id": WRITTEN_ORDER,
    "orders.preview_order": PREVIEW,
    "payments.create_session": SESSION,
    "payments.get_sessions": paged(SESSION),
    "payments.get_session_by_id": SESSION,
    "payments.get_session_by_order_id": several(SESSION),
    "payments.get_accounts": several(ACCOUNT),
    "payments.get_account_by_id": ACCOUNT,
}


def document() -> Schema:
    """An OpenAPI 3.1 document of the era `current`, generated from the table of routes."""
    paths: dict[str, Schema] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _describe(operation)
    return {"openapi": "3.1.0", "info": {"title": "OneEntry mock server", "version": "1"}, "paths": paths}


def _describe(operation: Operation) -> Schema:
    described: Schema = {
        "operationId": operation.name,
        "parameters": _parameters(operation),
        "responses": {str(operation.status): _json(ANSWERS[operation.name])}
        | {str(refusal.status): _json(ERROR) for refusal in Refusal},
    }
    if Needs.BODY in operation.needs:
        described["requestBody"] = {"required": True, **_json(BODIES[operation.name])}
    return described


def _parameters(operation: Operation) -> list[Schema]:
    group = operation.name.split(".")[0]
    markers = {"auth_provider": ["email", "phone"], "orders": ["orders"]}.get(group)
    known = {"marker": {"enum": markers}, "id": {"enum": [89] if operation.method == "PUT" else [2, 46, 89]}}
    found = [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in known.items()
        if f"{{{name}}}" in operation.path
    ]
    if Needs.LANGUAGE in operation.needs:
        found.append({"name": "langCode", "in": "query", "schema": {"type": "string", "pattern": "^[a-zA-Z_]{2,5}$"}})
    if Needs.PAGE in operation.needs:
        found += [{"name": name, "in": "query", "schema": COUNT} for name in ("offset", "limit")]
    return found


def _json(schema: Schema) -> Schema:
    return {"description": "JSON", "content": {"application/json": {"schema": schema}}}
