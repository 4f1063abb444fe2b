"""Errors of API calls.

OneEntryError
├── WrongUse        nothing was sent: the caller passed an invalid argument
└── CallFailed      the request was sent; keeps the exchange
    ├── Refused     the API returned an error: status, message
    ├── Unreadable  the API returned success, but not as documented: names the field
    └── Unreachable no usable response arrived
"""

from collections.abc import Sequence

from oneentry_scenarios.api.exchange import Exchange, Response

_ADVICE_ON_429 = " The API is rate limited: wait, then run fewer scenarios, or set ONEENTRY_REQUESTS_PER_SECOND."


#: Replaces the missing message of an error response.
NO_MESSAGE = "no message"


class OneEntryError(Exception):
    """Base class of the client's errors."""


class WrongUse(OneEntryError, ValueError):
    """The caller passed an invalid argument; the message shows a valid one. Nothing was sent."""


class CallFailed(OneEntryError):
    """A failed call. Its `exchange` is redacted and safe to show."""

    def __init__(self, message: str, exchange: Exchange) -> None:
        super().__init__(message)
        self.exchange = exchange

    @property
    def operation(self) -> str:
        """The client's name for the call, for example `orders.create_order`."""
        return self.exchange.operation

    def __str__(self) -> str:
        """Return the error message, then the redacted request and response."""
        return f"{self.args[0]}\n{self.exchange}"


class Refused(CallFailed):
    """The API returned an error `status`; `message` is the body's, or those of a form's validators, joined by "; ".

    `body_status` is the `statusCode` in the body, if any.
    """

    def __init__(self, exchange: Exchange, response: Response) -> None:
        content = response.body.parsed() if response.body else None
        content = content if isinstance(content, dict) else {}
        message = content.get("message") or NO_MESSAGE
        self.status = response.status
        self.body_status: object = content.get("statusCode")
        self.message = "; ".join(map(str, message)) if isinstance(message, list) else str(message)
        advice = _ADVICE_ON_429 if self.status == 429 else ""
        refusal = f"{exchange.operation} returned {self.status}: {self.message}.{advice}".replace("..", ".")
        super().__init__(refusal, exchange)


class Unreadable(CallFailed):
    """The API returned success, but not as documented; `fields` lists the differences, by field."""

    def __init__(self, fields: Sequence[str], exchange: Exchange) -> None:
        listed = "".join(f"\n  - {field}" for field in fields)
        status = exchange.response.status if exchange.response else "nothing"
        problem = f"{exchange.operation} returned {status}, but the response differs from what is documented"
        super().__init__(f"{problem}:{listed}", exchange)
        self.fields = tuple(fields)


class Unreachable(CallFailed):
    """`address` sent no usable response: not found, refused, cut off, too slow, or impossible to decode."""

    def __init__(self, address: str, exchange: Exchange) -> None:
        problem = f"{exchange.operation} got no usable response from {address}: {exchange.failure}."
        super().__init__(f"{problem}\nCheck the address, the server and the network.", exchange)
