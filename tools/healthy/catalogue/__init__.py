"""The catalogue of healthy shops, with one difference each.

`source` names the file or page, like the evidence table of the mock server's README: *SDK*, *docs*, *Swift client* and
so on. The catalogue omits what contradicts an observation, and what the preflight must report (a discount, a price).
"""

from tools.healthy.catalogue import orders, payments, people, refusals, transport
from tools.healthy.shop import HealthyShop

AS_IT_IS = HealthyShop(
    "as-it-is", "the mock server itself", "documented", "the mock server's README", unseen="there is nothing to change"
)
SHOPS: tuple[HealthyShop, ...] = (
    AS_IT_IS,
    *transport.SHOPS,
    *people.SHOPS,
    *orders.SHOPS,
    *payments.SHOPS,
    *refusals.SHOPS,
)
