"""What can go wrong with a call to the API.

OneEntryError
├── WrongUse        the call was never made: the caller passed something that the API cannot understand
└── CallFailed      the call was made; keeps its exchange
    ├── Refused     the API said no: status, message
    ├── Unreadable  the API said yes in a way that breaks its contract: names the field
    └── Unreachable no response came
"""

from collections.abc import Sequence

from oneentry_scenarios.api.exchange import Exchange, Response

_ADVICE_ON_429 = (
    " The API limits how often it is called: wait, then run fewer scenarios at once,"
    " or set ONEENTRY_REQUESTS_PER_SECOND."
)


#: The message of a refusal that has none.
NO_MESSAGE = "no message"


class OneEntryError(Exception):
    """Anything that the client raises."""


class WrongUse(OneEntryError, ValueError):
    """The caller passed what the API cannot understand; says what to pass instead. Nothing was sent."""


class CallFailed(OneEntryError):
    """A call that did not give what it was made for. Its `exchange` is redacted and safe to show."""

    def __init__(self, message: str, exchange: Exchange) -> None:
        super().__init__(message)
        self.exchange = exchange

    @property
    def operation(self) -> str:
        """The client's name for the call, such as `orders.create_order`."""
        return self.exchange.operation

    def __str__(self) -> str:
        """What happened, and both messages, redacted."""
        return f"{self.args[0]}\n{self.exchange}"


class Refused(CallFailed):
    """The API returned an error `status`; `reason` is its message, or several of a form's validators, joined by "; ".

    `named_status` is the status that the body names, if it does.
    """

    def __init__(self, exchange: Exchange, response: Response) -> None:
        content = response.body.parsed() if response.body else None
        content = content if isinstance(content, dict) else {}
        message = content.get("message") or NO_MESSAGE
        self.status = response.status
        self.named_status: object = content.get("statusCode")
        self.reason = "; ".join(map(str, message)) if isinstance(message, list) else str(message)
        advice = _ADVICE_ON_429 if self.status == 429 else ""
        refusal = f"{exchange.operation} was refused with {self.status}: {self.reason}.{advice}".replace("..", ".")
        super().__init__(refusal, exchange)


class Unreadable(CallFailed):
    """The API returned success, but not as documented; `fields` says how: `totalSum: Input should be a number`."""

    def __init__(self, fields: Sequence[str], exchange: Exchange) -> None:
        listed = "".join(f"\n  - {field}" for field in fields)
        status = exchange.response.status if exchange.response else "nothing"
        super().__init__(f"{exchange.operation} answered {status}, but not as the API is documented:{listed}", exchange)
        self.fields = tuple(fields)


class Unreachable(CallFailed):
    """No response came from `address`: not found, refused, cut off, or too slow."""

    def __init__(self, address: str, exchange: Exchange) -> None:
        super().__init__(
            f"{exchange.operation} got no answer from {address}: {exchange.failure}.\n"
            "Is the address right, is the server running, and is the network up?",
            exchange,
        )
