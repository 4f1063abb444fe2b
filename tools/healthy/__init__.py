"""Healthy shops: ways in which a shop may differ from the mock server and be right. None may turn a scenario red."""
