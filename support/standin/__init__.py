"""A stand-in for a shop on the OneEntry Platform: a real HTTP server, in memory, for tests."""

from support.standin.clock import Clock, FixedClock, RealClock
from support.standin.rules import Controls, Shop
from support.standin.server import Server
from support.standin.world import DEFAULT, OTHER, WORLDS, Era, World

__all__ = [
    "DEFAULT",
    "OTHER",
    "WORLDS",
    "Clock",
    "Controls",
    "Era",
    "FixedClock",
    "RealClock",
    "Server",
    "Shop",
    "World",
]
