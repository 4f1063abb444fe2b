"""Steps about signing in."""

from pytest_bdd import given

from support.api.models import SignIn
from support.recording.run import Take
from support.shop import Shop


@given("the customer has signed in", target_fixture="sign_in")
def customer_has_signed_in(shop: Shop, take: Take) -> SignIn:
    return shop.sign_in(take.settings.user, take.settings.password)
