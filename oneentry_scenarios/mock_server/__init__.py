"""A mock server of a shop on the OneEntry Platform: a real HTTP server for tests, which keeps its data in memory."""

from pathlib import Path

from oneentry_scenarios.mock_server.clock import Clock, fixed_clock
from oneentry_scenarios.mock_server.rules import ServerControls
from oneentry_scenarios.mock_server.server import Server
from oneentry_scenarios.mock_server.shop_data import DEFAULT_SHOP, SHOPS, Version

OTHER_PROFILE = Path(__file__).parent / "other.toml"

__all__ = ["DEFAULT_SHOP", "OTHER_PROFILE", "SHOPS", "Clock", "Server", "ServerControls", "Version", "fixed_clock"]
