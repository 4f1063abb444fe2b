"""Cancels the orders of live runs, which the API cannot delete: at the end of a run, or later from their list."""

from pathlib import Path

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import OneEntryError, Refused
from oneentry_scenarios.cassettes.file import Settings
from oneentry_scenarios.live.created_orders import CreatedOrders
from oneentry_scenarios.live.project import Access, ConnectIn, signed_in
from oneentry_scenarios.live.settings import message
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import Profile


def clean_up(created: CreatedOrders, profile: Profile, settings: Settings, connect_in: ConnectIn) -> str:
    """Set the orders of `created` to the profile's `status_after_run`; return the outcome of each as text.

    Do nothing if the profile has no such status. Try each order as both test users: the list does not name its buyer.
    """
    status, form = profile.orders.status_after_run, profile.sign_in
    if status is None:
        return ""
    left = created.left()
    why = {number: list[str]() for number in left}
    for user, password in ((settings.user, settings.password), (settings.other_user, settings.other_password)):
        if not left or not user:
            continue
        fields = (form.user_field, user), (form.password_field, password)
        try:
            with connect_in(profile.language) as client, signed_in(client, form.provider, fields):
                for order_id, storage in [*left.items()]:
                    if refusal := _refusal_of(client, storage, order_id, status):
                        why[order_id].append(refusal)
                        continue
                    created.canceled(order_id)
                    del left[order_id]
        except OneEntryError as error:
            for order_id in left:
                why[order_id].append(str(error.args[0]))
    done = ", ".join(str(order_id) for order_id in why if order_id not in left)
    # "Not found" (404) is the response to the user who is not the buyer.
    reasons = {id_: [each for each in why[id_] if each[:4] != "404 "] or why[id_][:1] for id_ in left}
    failed = [f"Order {id_} could not be canceled: {'; '.join(reasons[id_]).rstrip('.')}." for id_ in left]
    return "\n".join([*([f"Canceled: {done}."] if done else []), *failed])


def clean_up_later(root: Path) -> str:
    """Cancel the listed orders, and return what `cancel-orders` prints; raises Problem if an order is left."""
    access = Access.from_environment(root)
    profile = Profile.read(access.profile_file) if access.profile_file else Profile()
    if profile.orders.status_after_run is None:
        raise Problem(message("no-status-after-run"))
    redactor = Redactor()
    access.settings.learn(redactor, profile)
    created = CreatedOrders(root, access.settings.host)
    said = clean_up(created, profile, access.settings, access.connector(redactor))
    if created.left():
        raise Problem(said)
    return said or "The list has no orders left to cancel."


def _refusal_of(client: OneEntry, storage: str, order_id: int, status: str) -> str:
    """Send an order with another status, which cancels it (observed: service demo, CancelOrderButton)."""
    try:
        order = client.orders.get_order_by_marker_and_id(storage, order_id)
        client.orders.update_order_by_marker_and_id(
            storage,
            order_id,
            {
                "formIdentifier": order.form_identifier or "",
                "paymentAccountIdentifier": order.payment_account_identifier or "",
                "formData": [
                    {"type": each.type, "marker": each.marker, "value": each.value} for each in order.form_data
                ],
                "products": [{"productId": each.id, "quantity": each.quantity} for each in order.products],
                "statusIdentifier": status,
            },
        )
    except Refused as refusal:
        return f"{refusal.status} {refusal.message}"
    return ""
