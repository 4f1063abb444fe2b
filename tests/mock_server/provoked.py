"""How each refusal that no scenario meets is provoked, by its row of the evidence table."""

from collections.abc import Callable
from typing import NamedTuple

from oneentry_scenarios.mock_server import Server
from oneentry_scenarios.mock_server.routes import OPERATIONS, Needs, Operation
from oneentry_scenarios.problem import read_toml

from .caller import AUTH, INACTIVE_USER, ORDERS, Answer, Caller, ordered


class Scene(NamedTuple):
    """What a refusal is provoked with: a signed-in buyer, and the server."""

    buyer: Caller
    server: Server


Provoke = Callable[[Scene], Answer]


def path_of(operation: Operation, id_: str = "89") -> str:
    markers = {"auth_provider": "email", "orders": "orders", "forms": "order"}
    return operation.path.replace("{marker}", markers.get(operation.name.split(".")[0], "")).replace("{id}", id_)


def every(need: Needs | str, query: str = "", id_: str = "89", body: object = None, **headers: str | None) -> Provoke:
    """Call every operation with this need or with this in its path; all must answer alike."""

    def provoke(scene: Scene) -> Answer:
        wanted = [each for each in OPERATIONS if need in (each.path if isinstance(need, str) else each.needs)]
        answers = [scene.buyer.call(each.method, path_of(each, id_) + query, body, **headers) for each in wanted]
        assert answers
        assert all(answer == answers[0] for answer in answers), answers
        return answers[0]

    return provoke


def raw(content: bytes, content_type: str = "application/json") -> Provoke:
    def provoke(scene: Scene) -> Answer:
        response = scene.buyer.http.post(ORDERS, content=content, headers={"content-type": content_type})
        return response.status_code, response.json()

    return provoke


def not_granted(scene: Scene) -> Answer:
    for operation in OPERATIONS:
        scene.server.controls.remove_permission(operation.name)
    return every("/", body=ordered())(scene)


def auth(entries: object, marker: str = "email") -> Provoke:
    return lambda scene: scene.buyer.post(f"{AUTH.replace('email', marker)}/auth", {"authData": entries})


def with_token(name: str, token: str = "", marker: str = "email", device: str | None = None, **more: object) -> Provoke:
    def provoke(scene: Scene) -> Answer:
        headers = {"x-device-metadata": device} if device else {}
        body = {"refreshToken": token or scene.buyer.refresh_token} | more
        return scene.buyer.post(f"{AUTH.replace('email', marker)}/{name}", body, **headers)

    return provoke


OTHER_DEVICE = '{"fingerprint": "another", "deviceInfo": {}}'


def creates(changes: dict[str, object], storage: str = "orders") -> Provoke:
    return lambda scene: scene.buyer.post(ORDERS.replace("/orders/orders", f"/{storage}/orders"), ordered(**changes))


def previews(changes: dict[str, object]) -> Provoke:
    return lambda scene: scene.buyer.post("/api/content/orders-storage/orders/preview", ordered(**changes))


def updates(changes: dict[str, object], storage: str = "orders") -> Provoke:
    def provoke(scene: Scene) -> Answer:
        path = f"{ORDERS}/{scene.buyer.order()['id']}".replace("/orders/orders", f"/{storage}/orders")
        return scene.buyer.call("PUT", path, ordered(**changes))

    return provoke


#: For each refusal of an order, the changes to a good one that lead to it.
ORDER_CHANGES = read_toml(__file__, "order_changes.toml")
PREVIEW_REFUSALS = ("product_line_malformed", "product_not_found", "out_of_stock", "coupon_unknown")


def refunds(quantity: int, times: int = 1, product: int = 14) -> Provoke:
    """Ask to be paid back for an order that was paid."""

    def provoke(scene: Scene) -> Answer:
        path = f"/api/content/orders/{scene.buyer.paid_order(scene.server)}/refund"
        return [scene.buyer.post(path, {"products": {product: {"quantity": quantity}}}) for _ in range(times)][-1]

    return provoke


def gets(path: str) -> Provoke:
    return lambda scene: scene.buyer.get(f"/api/content/{path.removeprefix('/api/content/').replace('{id}', '89')}")


NO_SUCH_MARKER = {
    "auth_provider.get_auth_provider_by_marker": "provider_not_found",
    "auth_provider.get_active_sessions_by_marker": "provider_unknown",
    "forms.get_form_by_marker": "form_not_found",
}


#: For each refusal that does not belong to one operation, how it is provoked.
OF_SEVERAL: dict[tuple[str, str], Provoke] = {
    ("any", "permission_missing"): not_granted,
    ("any", "path_unknown"): gets("auth/logout?a=1"),
    ("needs.user", "access_token_unknown"): every(Needs.USER, authorization="Bearer eyJhbGciOiJIUzI1NiJ9.e30.nope"),
    ("needs.device", "device_missing"): every(Needs.DEVICE, x_device_metadata=None),
    ("needs.device", "device_malformed"): every(Needs.DEVICE, x_device_metadata='{"fingerprint": 1, "deviceInfo": {}}'),
    ("needs.language", "language_malformed"): every(Needs.LANGUAGE, "?langCode=english"),
    ("needs.page", "page_malformed"): every(Needs.PAGE, "?limit=-1"),
    ("needs.id", "id_malformed"): every("{id}", id_="abc", body=ordered()),
    ("needs.body", "body_not_json"): raw(b"{"),
    ("needs.body", "body_not_declared_json"): raw(b"{}", "text/plain"),
    ("needs.body", "field_missing"): lambda scene: scene.buyer.post(f"{AUTH}/auth", {}),
}
#: For each operation and refusal, how it is provoked.
OF_ONE: dict[str, dict[str, Provoke]] = {
    **{
        each.name: {NO_SUCH_MARKER.get(each.name, "storage_not_found"): gets(each.path.replace("{marker}", "nope"))}
        for each in OPERATIONS
        if each.method == "GET" and "{marker}" in each.path
    },
    "auth_provider.auth": {
        "provider_without_form": auth([], marker="phone"),
        "field_not_allowed": auth([{"marker": "email_reg", "type": "string", "value": "x"}]),
        "user_not_activated": lambda scene: scene.buyer.auth(INACTIVE_USER),
    },
    **{
        f"auth_provider.{name}": {
            "provider_unknown": with_token(name, marker="nope"),
            "field_not_allowed": with_token(name, langCode="en_US"),
            "refresh_token_dead": with_token(name, "1745494429101-nope"),
            "refresh_token_of_other_device": with_token(name, device=OTHER_DEVICE),
        }
        for name in ("refresh", "logout")
    },
    "auth_provider.logout_all": {"provider_unknown": with_token("logout-all", marker="nope")},
    "orders.create_order": {outcome: creates(changes) for outcome, changes in ORDER_CHANGES.items()},
    "orders.update_order_by_marker_and_id": {
        "storage_not_found": updates({}, storage="nope"),
        "order_without_payment": lambda scene: scene.buyer.call(
            "PUT", f"{ORDERS}/{scene.buyer.order()['id']}", {"statusIdentifier": "canceled"}
        ),
        **{outcome: updates(changes) for outcome, changes in ORDER_CHANGES.items()},
    },
    "orders.preview_order": {outcome: previews(ORDER_CHANGES[outcome]) for outcome in PREVIEW_REFUSALS},
    "orders.get_refunds": {"order_not_found": gets("orders/88/refund")},
    "orders.create_refund_request": {
        "order_not_found": lambda scene: scene.buyer.post("/api/content/orders/88/refund", {}),
        "refund_of_unpaid_order": lambda scene: scene.buyer.post(
            f"/api/content/orders/{scene.buyer.order()['id']}/refund", {"products": {"14": {"quantity": 1}}}
        ),
        "refund_not_ordered": refunds(quantity=2),
        "refund_exists": refunds(quantity=1, times=2),
    },
    "orders.cancel_refund_request": {
        "order_not_found": lambda scene: scene.buyer.call("DELETE", "/api/content/orders/88/refund"),
        "refund_not_found": lambda scene: scene.buyer.call(
            "DELETE", f"/api/content/orders/{scene.buyer.order()['id']}/refund"
        ),
    },
    "payments.create_session": {
        "order_already_paid": lambda scene: scene.buyer.pay(scene.buyer.paid_order(scene.server)),
        "total_fractional": lambda scene: scene.buyer.pay(scene.buyer.order("stripe", ((2, 1),))["id"]),
    },
    "payments.get_session_by_id": {"session_not_found": gets("payments/sessions/99")},
    "payments.get_account_by_id": {"account_not_found": gets("payments/accounts/99")},
}
PROVOKED = OF_SEVERAL | {
    (operation, outcome): provoke for operation, refusals in OF_ONE.items() for outcome, provoke in refusals.items()
}
