"""Steps about placing orders."""

from pytest_bdd import given, then, when

from steps.words import phrase
from support import expectations
from support.api.models import SignIn
from support.recording.generated import Generated
from support.shop import Line, PlacedOrder, Purchase, Shop


@given("a buyer of any name", target_fixture="buyer")
def buyer_of_any_name(generated: Generated) -> str:
    return generated("buyer", lambda fake: fake.name())


@when(
    phrase("{buyer:Name} orders {quantity:Quantity} {product:Product}, to be paid by {account:Account}"),
    target_fixture="placed",
)
@when(
    phrase("the buyer orders {quantity:Quantity} {product:Product}, to be paid by {account:Account}"),
    target_fixture="placed",
)
def buyer_orders(shop: Shop, buyer: str, quantity: int, product: str, account: str) -> PlacedOrder:
    return shop.place(Purchase(buyer, account, (Line(product, quantity),)))


@then("the order is confirmed as placed, at the price of its products")
def order_is_confirmed(placed: PlacedOrder, shop: Shop, sign_in: SignIn) -> None:
    expectations.order_confirms(placed, shop.profile, sign_in)
