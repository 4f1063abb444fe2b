"""Refusals: in place of each that a scenario expects, something that decides nothing about what was asked."""

from dataclasses import dataclass

from tools.faults.catalogue.protection import (
    ANONYMOUS,
    NOT_FOUND,
    is_spent,
    sign_in_with,
    unknown_user,
    wrong_password,
)
from tools.faults.catalogue.table import D, O, U
from tools.faults.changes import When, error, page, says, sends
from tools.faults.fault import Fault, RestsOn
from tools.faults.injection import Change, MockShop
from tools.faults.messages import Answer, Request


@dataclass(frozen=True)
class Expected:
    """A refusal that a scenario expects: at which operation, of what, and what it rests on.

    A visitor may lack the permission; someone who is not signed in, or no longer, may be asked to sign in.
    """

    operation: str
    of: str
    rests_on: RestsOn
    when: When
    of_visitor: bool = False
    is_signed_in: bool = False


def _spent(request: Request, given: Answer, shop: MockShop) -> bool:
    return not given.is_success and is_spent(request, shop)


def _ended(request: Request, given: Answer, shop: MockShop) -> bool:
    return not given.is_success and not is_spent(request, shop)


def _order_of_another(request: Request, given: Answer, shop: MockShop) -> bool:
    return NOT_FOUND(request, given, shop) and not UNKNOWN_ORDER(request, given, shop)


def _unknown_path(when: When) -> Change:
    async def after(request: Request, given: Answer, shop: MockShop) -> Answer | None:
        change = error(404, f"Cannot {request.method} {request.path}", when)
        return await change.after(request, given, shop)

    return Change(after=after)


UNKNOWN_ORDER = sends("orderId", 987_654_321)
EXPECTED = (
    Expected("auth", "wrong-password", D, wrong_password),
    Expected("auth", "unknown-user", U, unknown_user),
    Expected("auth", "empty-password", O, sign_in_with(1, "")),
    Expected("auth", "empty-user", O, sign_in_with(0, "")),
    Expected("auth", "unknown-provider", O, says("rovider")),
    Expected("auth", "unknown-app", O, says("Resource is closed")),
    Expected("refresh", "spent-token", O, _spent),
    Expected("refresh", "ended-sign-in", O, _ended),
    Expected("get_user", "visitor", O, ANONYMOUS, of_visitor=True),
    Expected("get_user", "expired-sign-in", O, says("expired")),
    Expected("get_user", "ended-sign-in", O, says("is closed, sign in")),
    Expected("create_order", "empty-form", O, says("empty form data section"), is_signed_in=True),
    Expected("create_order", "not-connected", O, says("not connected"), is_signed_in=True),
    Expected("create_order", "quantity", U, sends("products.0.quantity", 0), is_signed_in=True),
    Expected("create_order", "unknown-product", U, says("Product"), is_signed_in=True),
    Expected("create_order", "unknown-storage", U, says("torage"), is_signed_in=True),
    Expected("create_order", "visitor", O, ANONYMOUS, of_visitor=True),
    Expected("update_order_by_marker_and_id", "paid", O, says("could not be canceled"), is_signed_in=True),
    Expected("update_order_by_marker_and_id", "of-another", U, NOT_FOUND, is_signed_in=True),
    Expected("get_order_by_marker_and_id", "of-another", U, NOT_FOUND, is_signed_in=True),
    Expected("create_session", "unknown-order", U, UNKNOWN_ORDER, is_signed_in=True),
    Expected("create_session", "of-another", U, _order_of_another, is_signed_in=True),
    Expected("create_session", "unknown-type", U, sends("type", "cheque"), is_signed_in=True),
    Expected("create_session", "visitor", O, ANONYMOUS, of_visitor=True),
    Expected("get_session_by_order_id", "of-another", U, NOT_FOUND, is_signed_in=True),
    Expected("get_session_by_id", "of-another", U, NOT_FOUND, is_signed_in=True),
)

PERMISSION = "Permission data not found. Provide the permission for requested url"


def _faults(each: Expected) -> list[Fault]:
    def fault(by: str, title: str, names: str, change: Change) -> Fault:
        id_ = f"{each.operation}/{each.of}-{by}"
        words = f"the refusal ({each.of.replace('-', ' ')}) {title}"
        return Fault("protection", id_, words, each.rests_on, tuple(names.split("|")), change)

    made = [
        fault("429", "is a limit of calls", "429|too often", error(429, "Rate Limit Exceeded", each.when)),
        fault("no-path", "is an unknown path", "path|Cannot", _unknown_path(each.when)),
        fault("503", "is a gateway's failure", "503|fail", page(503, "Service Unavailable", each.when)),
    ]
    if each.of_visitor:
        return [*made, fault("mistake", "is about something else", "visitor|401", error(400, "No", each.when))]
    made.append(fault("permission", "is a missing permission", "permission", error(403, PERMISSION, each.when)))
    if each.is_signed_in:
        made.append(fault("401", "says that the sign-in is over", "sign-in|401", error(401, "Unauthorized", each.when)))
    return made


FAULTS = tuple(fault for each in EXPECTED for fault in _faults(each))
