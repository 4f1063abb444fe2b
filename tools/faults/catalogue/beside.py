"""Side effects: an order or a payment session changes although no action, or another action, concerned it."""

from tools.faults import effects as e
from tools.faults.catalogue.table import LINES, FaultLine, Reader, faults
from tools.faults.changes import sends
from tools.faults.effects import ORDER, READ, SESSION

_BECOMES = {name: (what, words, Reader({}).edit(edit)) for name, (what, words, edit) in LINES["becomes"].items()}
_PAID = _BECOMES["paid"][2]


def _is_paid(record: dict[str, object]) -> bool:
    return record.get("isCompleted") is True or record.get("status") == "completed"


def _lines(section: str, shown_at: str) -> list[FaultLine]:
    """Return a row for each possible change of an order or of its sessions."""
    made: list[FaultLine] = []
    for id_, (cause, which, title, known, things, *at) in LINES[section].items():
        operation = id_.partition("/")[0]
        when = {
            "done": e.done(operation),
            "refused": e.refused(operation),
            "new order": e.done("create_order"),
            "card": sends("paymentAccountIdentifier", "stripe", success=True),
        }
        for name, (what, words, edit) in ((each, _BECOMES[each]) for each in things.split()):
            if cause == "paid":
                change = e.always(shown_at, edit, _is_paid)
            else:
                change = e.lasting(when[cause], getattr(e, which), edit, *at or [shown_at])
            made.append((f"{id_}-{name}", f"{title} {what}", known, words, change))
    return made


FAULTS = (
    *faults("meaning", _lines("beside-orders", ORDER), ORDER),
    *faults(
        "meaning",
        (
            (f"{READ}/paid-{id_}", f"one order is paid, and so is {title}", "documented", "status|isCompleted", change)
            for id_, title, change in (
                ("together", "another of its buyer's", e.with_paid(_PAID, ORDER, same_buyer=True)),
                ("for-others", "one of the other person", e.with_paid(_PAID, ORDER, same_buyer=False)),
            )
        ),
        ORDER,
    ),
    *faults("meaning", _lines("beside-sessions", SESSION), SESSION),
)
