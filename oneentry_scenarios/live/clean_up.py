"""Cancels the orders of live runs, which the API cannot delete: at the end of a run, or later from their list."""

from pathlib import Path

from oneentry_scenarios.api.client import OneEntry
from oneentry_scenarios.api.errors import OneEntryError, Refused
from oneentry_scenarios.cassettes.file import ProjectAndUsers
from oneentry_scenarios.environment import command
from oneentry_scenarios.live.created_orders import PATH, CreatedOrders
from oneentry_scenarios.live.project import Access, ConnectIn, signed_in
from oneentry_scenarios.live.settings import message
from oneentry_scenarios.problem import Problem
from oneentry_scenarios.redaction.redactor import Redactor
from oneentry_scenarios.shop.profile import Profile


def clean_up(
    created: CreatedOrders, status: str, profile: Profile, settings: ProjectAndUsers, connect_in: ConnectIn
) -> str:
    """Set the orders of `created` to this status; return the outcome of each as text.

    Try each order as both test users: the list does not name its buyer.
    """
    left, form = created.left(), profile.sign_in
    errors = {number: list[OneEntryError]() for number in left}
    for user, password in ((settings.user, settings.password), (settings.other_user, settings.other_password)):
        if not left or not user:
            continue
        fields = (form.user_field, user), (form.password_field, password)
        try:
            with connect_in(profile.language) as client, signed_in(client, form.provider, fields):
                for order_id, storage in [*left.items()]:
                    try:
                        _cancel(client, storage, order_id, status)
                    except Refused as refusal:
                        errors[order_id].append(refusal)
                    else:
                        created.canceled(order_id)
                        del left[order_id]
        except OneEntryError as error:
            for order_id in left:
                errors[order_id].append(error)
    done = [str(order_id) for order_id in errors if order_id not in left]
    lines = [f"Canceled order{'s' if done[1:] else ''} {', '.join(done)}."] if done else []
    for order_id in left:
        # "Not found" (404) is the response to the user who is not the buyer.
        reasons = [each for each in errors[order_id] if not (isinstance(each, Refused) and each.status == 404)]
        shown = "; ".join(str(each.args[0]) for each in reasons or errors[order_id][:1])
        lines.append(f"Order {order_id} could not be canceled: {shown.rstrip('.')}.")
    if left:
        rerun = command("oneentry-scenarios", "cancel-orders")
        lines.append(message("not-canceled", path=PATH.as_posix(), command=rerun))
    return "\n".join(lines)


def clean_up_later(root: Path) -> str:
    """Cancel the listed orders, and return what `cancel-orders` prints; raises Problem if an order is left."""
    access = Access.from_environment(root)
    profile = Profile.read(access.profile_file) if access.profile_file else Profile()
    if (status := profile.orders.status_after_run) is None:
        raise Problem(message("no-status-after-run"))
    redactor = Redactor()
    access.settings.learn(redactor, profile)
    created = CreatedOrders(root, access.settings.host)
    said = clean_up(created, status, profile, access.settings, access.connector(redactor))
    if created.left():
        raise Problem(said)
    return said or f"{PATH.as_posix()} has no orders of this project left to cancel."


def _cancel(client: OneEntry, storage: str, order_id: int, status: str) -> None:
    """Send an order with another status, which cancels it (observed: service demo, CancelOrderButton)."""
    order = client.orders.get_order_by_marker_and_id(storage, order_id)
    client.orders.update_order_by_marker_and_id(
        storage,
        order_id,
        {
            "formIdentifier": order.form_identifier or "",
            "paymentAccountIdentifier": order.payment_account_identifier or "",
            "formData": [{"type": each.type, "marker": each.marker, "value": each.value} for each in order.form_data],
            "products": [{"productId": each.id, "quantity": each.quantity} for each in order.products],
            "statusIdentifier": status,
        },
    )
