"""What must hold between what was asked and what was answered, in the shop's words; steps call these."""

from support.expectations.compare import (
    expect as expect,
)
from support.expectations.orders import (
    Price as Price,
)
from support.expectations.orders import (
    history_lacks as history_lacks,
)
from support.expectations.orders import (
    history_shows as history_shows,
)
from support.expectations.orders import (
    nothing_since as nothing_since,
)
from support.expectations.orders import (
    order_confirms as order_confirms,
)
from support.expectations.orders import (
    order_follows as order_follows,
)
from support.expectations.orders import (
    order_is_in as order_is_in,
)
from support.expectations.orders import (
    order_reads as order_reads,
)
from support.expectations.orders import (
    price_of as price_of,
)
from support.expectations.payments import (
    has_checkout_link as has_checkout_link,
)
from support.expectations.payments import (
    has_client_secret as has_client_secret,
)
from support.expectations.payments import (
    has_no_link as has_no_link,
)
from support.expectations.payments import (
    no_session as no_session,
)
from support.expectations.payments import (
    offered as offered,
)
from support.expectations.payments import (
    same_session as same_session,
)
from support.expectations.payments import (
    session_became as session_became,
)
from support.expectations.payments import (
    session_listed as session_listed,
)
from support.expectations.payments import (
    session_waits as session_waits,
)
from support.expectations.refusals import (
    done as done,
)
from support.expectations.refusals import (
    refused_as as refused_as,
)
from support.expectations.refusals import (
    refused_at_all as refused_at_all,
)
from support.expectations.refusals import (
    refused_with as refused_with,
)
from support.expectations.refusals import (
    turned_away as turned_away,
)
from support.expectations.sign_in import (
    all_new as all_new,
)
from support.expectations.sign_in import (
    signed_in_as as signed_in_as,
)
from support.expectations.sign_in import (
    signed_in_at as signed_in_at,
)
