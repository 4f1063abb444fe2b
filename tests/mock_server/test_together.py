"""Fifty buyers at once: no duplicate ids, nothing lost, no data of another buyer."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from threading import Barrier

from oneentry_scenarios.mock_server import DEFAULT, Server
from oneentry_scenarios.mock_server.world import User

from .caller import ORDERS, SESSIONS, Caller

PEOPLE = tuple(User(1000 + number, f"buyer-{number}@example.org", f"word-{number}", "email") for number in range(50))
ORDERS_EACH = 4


def test_fifty_buyers_do_not_get_in_each_others_way() -> None:
    all_are_ready = Barrier(len(PEOPLE))

    def shop(server: Server, user: User) -> tuple[set[int], set[int]]:
        with closing(Caller(server.url)) as caller:
            all_are_ready.wait(timeout=30)
            caller.sign_in(user)
            orders, sessions = set(), set()
            for number in range(1, ORDERS_EACH + 1):
                order = caller.order("stripe", ((1, user.id + number),))
                orders.add(order["id"])
                _, session = caller.pay(order["id"])
                sessions.add(session["id"])
                server.controls.complete_payment(order["id"])
            assert caller.get("/api/content/users/me")[1]["identifier"] == user.identifier
            _, listed = caller.get(ORDERS)
            assert {order["id"] for order in listed["items"]} == orders
            assert listed["total"] == ORDERS_EACH
            assert [order["products"][0]["quantity"] - user.id for order in listed["items"]] == [4, 3, 2, 1]
            assert all(order["isCompleted"] for order in listed["items"])
            assert {session["id"] for session in caller.get(f"{SESSIONS}/")[1]["items"]} == sessions
            return orders, sessions

    with Server(world=replace(DEFAULT, users=PEOPLE)) as server, ThreadPoolExecutor(len(PEOPLE)) as pool:
        kept = list(pool.map(lambda user: shop(server, user), PEOPLE))

    total = len(PEOPLE) * ORDERS_EACH
    assert set().union(*(orders for orders, _ in kept)) == {*range(89, 89 + total)}
    assert set().union(*(sessions for _, sessions in kept)) == {*range(46, 46 + total)}
