# Étoile. `make` alone explains itself.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
WORKERS ?= 2
PYTEST = $(BIN)/python -m pytest -q
# Hundreds of processes are started by the tests: without bytecode, each compiles the project again (twice as long).
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo up test check format bench bench-% browser test-plain test-hub test-gru test-journeys test-crashes test-code test-suites test-processes test-pages test-browser screens test-without-gru lighthouse verapdf lock connectors clean

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z%-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  Options of a command go into ARGS, e.g. make demo ARGS=--once"

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Étoile needs Python 3.11 or later; name one with: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	$(BIN)/python -m etoile.runtime.messages
	@touch $@

demo: .venv/.ready ## The whole star with a fictional town and a guided journey (ARGS=--once: play it and stop)
	$(BIN)/etoile demo $(ARGS)

up: .venv/.ready ## Start hub and GRU, and stay up
	$(BIN)/etoile up $(ARGS)

test: test-code test-pages ## All the tests but those of `make check`, each page once in the browser

# Journeys and crashes mostly wait for processes to die and come back: they run beside the suites that compute, on
# machines, ports and databases of their own. Each tells what it found when it ends.
test-code: .venv/.ready
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-suites test-processes

test-suites:
	@for suite in test-plain test-hub test-gru; do $(MAKE) --no-print-directory $$suite || exit; done

test-processes:
	@for suite in test-journeys test-crashes; do $(MAKE) --no-print-directory $$suite || exit; done

test-plain: .venv/.ready
	$(PYTEST) -p no:django -n $(WORKERS) --dist loadfile tests/contract tests/expressions tests/sdk tests/runtime tests/bench tests/doubles src/etoile/connectors

test-hub: .venv/.ready
	$(PYTEST) --ds=etoile.hub.settings -n $(WORKERS) --dist loadfile tests/hub

test-gru: .venv/.ready
	$(PYTEST) --ds=etoile.gru.settings -n $(WORKERS) --dist loadfile tests/gru tests/design

test-journeys: .venv/.ready
	$(PYTEST) -p no:django tests/journeys

test-crashes: .venv/.ready ## The hub killed, frozen, filled and lied to; CRASH_EVENTS=10000 for more of it
	$(PYTEST) -p no:django tests/crashes $(ARGS)

BROWSER = -n $(WORKERS) --dist worksteal

test-pages: .venv/.ready browser ## Each page once in Chromium, with axe and the HTML checker (part of `make test`)
	$(PYTEST) --ds=etoile.gru.settings $(BROWSER) -m light tests/browser/gru
	$(PYTEST) --ds=etoile.hub.settings $(BROWSER) -m light tests/browser/hub

test-browser: .venv/.ready browser ## Each page in each mode, and journeys by the keyboard alone; photographs in screenshots/
	rm -rf screenshots
	PHOTOGRAPHS=1 $(PYTEST) --ds=etoile.gru.settings $(BROWSER) tests/browser/gru
	PHOTOGRAPHS=1 $(PYTEST) --ds=etoile.hub.settings $(BROWSER) tests/browser/hub

screens: .venv/.ready browser ## Draw the images of docs/screens.md again
	rm -rf docs/images/screens
	SCREENS=1 $(PYTEST) --ds=etoile.gru.settings $(BROWSER) tests/browser/gru/test_screens.py
	SCREENS=1 $(PYTEST) --ds=etoile.hub.settings $(BROWSER) tests/browser/hub/test_screens.py
	$(BIN)/python -m tests.browser.screens

test-without-gru: .venv/.ready ## The proof of the thesis: remove the GRU, the rest still passes
	$(BIN)/python tests/journeys/without_gru.py

browser: ## Install Chromium and Java for the browser tests (Debian, as root), or name the line
	@{ command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null && command -v java >/dev/null || \
	if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core default-jre-headless; \
	else echo "The browser tests need Chromium and Java: sudo apt-get install chromium default-jre-headless" >&2; exit 1; fi

check: .venv/.ready ## Format, lint, types, imports, licences, and what docs/layout.md wants
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy src
	$(BIN)/reuse lint --quiet || $(BIN)/reuse lint
	$(BIN)/python -m pytest -q -p no:django tests/architecture

format: .venv/.ready ## Put the code in the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.ready ## Measure the hub: all the benchmarks (one: make bench-deliveries, see bench/README.md)
	$(BIN)/python -m bench

bench-%: .venv/.ready
	$(BIN)/python -m bench.$* $(ARGS)

connectors: .venv/.ready ## Test each connector against its double: badges, and the table of docs/connectors.md
	for name in $$($(BIN)/etoile connector list --names); do $(BIN)/etoile connector test $$name --quiet; done
	$(BIN)/etoile connector pages --write docs/connectors.md

lighthouse: .venv/.ready browser ## The four marks of Lighthouse for the main pages (optional: needs Node.js and npm)
	$(BIN)/python -m bench.lighthouse

verapdf: .venv/.ready ## The letters read by veraPDF (optional: needs veraPDF; VERAPDF=/path/to/it)
	VERAPDF=$${VERAPDF:-verapdf} $(PYTEST) --ds=etoile.gru.settings tests/gru/papers/test_verapdf.py

lock: ## Compute requirements.lock again (needs uv)
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra demo --extra dev pyproject.toml -o requirements.lock

clean: ## Remove the environment and what the tests left
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
