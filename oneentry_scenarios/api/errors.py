"""What can go wrong with a call to the API.

OneEntryError
├── WrongUse        the call was never made: the caller passed something that the API cannot understand
└── CallFailed      the call was made; keeps its exchange
    ├── Refused     the API said no: status, message, operation
    ├── Unreadable  the API said yes in a way that breaks its contract: names the field
    └── Unreachable no answer came: names the address
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

    from oneentry_scenarios.api.exchange import Exchange


_ADVICE_ON_429 = (
    " The API limits how often it is called: wait, then run fewer scenarios at once,"
    " or set ONEENTRY_REQUESTS_PER_SECOND."
)


#: What stands for the message of a refusal that has none.
NO_MESSAGE = "no message"


class OneEntryError(Exception):
    """Anything that the client raises."""


class WrongUse(OneEntryError, ValueError):
    """The caller passed what the API cannot understand; says what to pass instead. Nothing was sent."""


class CallFailed(OneEntryError):
    """A call that did not give what it was made for.

    `exchange` is redacted and safe to show. `request` and `response` are httpx's own, with live values:
    for code, not for people. `response` is `None` where no answer came.
    """

    def __init__(
        self, message: str, *, exchange: Exchange, request: httpx.Request, response: httpx.Response | None
    ) -> None:
        super().__init__(message)
        self.exchange = exchange
        self.request = request
        self.response = response

    @property
    def operation(self) -> str:
        """The client's name for the call, such as `orders.create_order`."""
        return self.exchange.operation

    def __repr__(self) -> str:
        """Only what is redacted."""
        return f"<{type(self).__name__}: {self}>"

    def __str__(self) -> str:
        """What happened, and both messages, redacted."""
        return f"{self.args[0]}\n{self.exchange}"


class Refused(CallFailed):
    """The API answered with an error status.

    `status` is the HTTP status, `named_status` the one in the body, if there is any; `reason` is the API's own message;
    form validators send several, joined here by "; ".
    """

    def __init__(
        self,
        reason: str,
        *,
        status: int,
        named_status: object = None,
        exchange: Exchange,
        request: httpx.Request,
        response: httpx.Response,
    ) -> None:
        advice = _ADVICE_ON_429 if status == 429 else ""
        super().__init__(
            f"{exchange.operation} was refused with {status}: {reason}.{advice}".replace("..", "."),
            exchange=exchange,
            request=request,
            response=response,
        )
        self.status = status
        self.named_status = named_status
        self.reason = reason


class Unreadable(CallFailed):
    """The API answered with success, but not in the shape that is documented for it.

    `fields` names what is wrong, such as `totalSum: Input should be a number`.
    """

    def __init__(
        self, fields: Sequence[str], *, exchange: Exchange, request: httpx.Request, response: httpx.Response
    ) -> None:
        listed = "".join(f"\n  - {field}" for field in fields)
        super().__init__(
            f"{exchange.operation} answered {exchange.status}, but not as the API is documented:{listed}",
            exchange=exchange,
            request=request,
            response=response,
        )
        self.fields = tuple(fields)


class Unreachable(CallFailed):
    """No answer came from `address`: not found, refused, cut off, or too slow."""

    def __init__(self, address: str, cause: str, *, exchange: Exchange, request: httpx.Request) -> None:
        super().__init__(
            f"{exchange.operation} got no answer from {address}: {cause}.\n"
            "Is the address right, is the server running, and is the network up?",
            exchange=exchange,
            request=request,
            response=None,
        )
        self.address = address
