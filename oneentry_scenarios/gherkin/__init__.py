"""Collects feature files, lints them, gives each scenario its stable identity and writes its failure text."""
