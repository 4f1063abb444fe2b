"""Turns a run's scenarios, their lines and their HTTP exchanges into an Allure report."""
