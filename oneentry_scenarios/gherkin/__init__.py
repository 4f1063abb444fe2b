"""Binds feature files to pytest, gives each scenario its stable identity and tells where in a feature a step failed."""
