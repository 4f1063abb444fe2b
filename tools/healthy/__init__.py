"""Healthy shops: ways in which a correct shop may differ from the mock server. No scenario may fail with them."""
