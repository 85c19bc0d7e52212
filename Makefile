# make run   start the bot; without a BOT_TOKEN, in a chat page of its own
# make test  everything that continuous integration runs; there, COVER=--cov counts the lines that tests reach
# make test-postgres  run what is about the database on PostgreSQL as well: a server is started for it (two minutes)
# make test-webhook  run the tests of the chat with updates that are posted instead of fetched (two minutes)
# make mutants  take each guarantee away, then 100 things by lot, and see tests fail (half an hour)
# make soak  send it nonsense, be hostile for some minutes, kill it a hundred times while it sends, and while it catches up, live through three days (an hour and a half)
# make bench  measure, beside peers that are fetched for it (six minutes on a fast machine, a quarter of an hour on a slow one)
# make image  build the image and run it, without Docker (needs root and buildah; two minutes)
# make prometheus  hold alert rules and dashboard against a Prometheus that runs beside the bot (ten seconds)
# make audit  ask which pinned packages have known holes (needs the network)
# make sbom  write what the bot consists of into build/sbom.json, as CycloneDX
# make commonmark  hold the parser against the specification's examples (fetches them)
.DEFAULT_GOAL := help
.PHONY: help setup run test lint types units test-postgres test-webhook mutants soak bench image prometheus audit sbom commonmark clean

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python3.14 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
# A port given on the command line wins: make run PORT=8090
export PORT

help:
	@sed -n 's/^# make/make/p' Makefile

.venv/ready: requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found. Install it, or name it: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is too old: Python 3.11 or newer is needed. Name another one: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Making the environment in .venv …"
	@$(PYTHON) -m venv .venv || { echo "No virtual environment could be made: on Debian and Ubuntu, install python3-venv and try again." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock || { echo "The packages could not be installed (see above). Is the network there?" >&2; exit 1; }
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock || { echo "The packages could not be installed (see above). Is the network there?" >&2; exit 1; }
	@touch $@

setup: .venv/ready

run: .venv/ready
	@if [ -n "$$BOT_TOKEN" ] || grep -Eqs '^(export )?BOT_TOKEN=.' .env; then exec $(BIN)/python -m bot run; \
	else exec $(BIN)/python -m bot demo; fi

test: lint types units

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready-dev
	$(BIN)/mypy

units: .venv/ready-dev
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal $(COVER)

test-postgres: .venv/ready-dev
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal --store=postgres tests/db tests/delivery tests/digest tests/campaign tests/search tests/settling tests/test_kill.py tests/test_failover.py $(COVER)

test-webhook: .venv/ready-dev
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal --intake=webhook tests/tg

mutants: .venv/ready-dev
	$(BIN)/python -m tools.mutants
	@mkdir -p build
	@COVERAGE_FILE=build/contexts $(BIN)/python -m pytest --quiet --numprocesses=auto --cov --cov-context=test --cov-report=
	$(BIN)/python -m tools.removals

soak: .venv/ready-dev
	FUZZ=30 $(BIN)/python -m pytest --quiet --timeout=900 tests/test_fuzz.py tests/tg/test_fuzz.py
	$(BIN)/python -m tools.soak_hostile
	$(BIN)/python -m tools.soak
	$(BIN)/python -m tools.soak_claims
	$(BIN)/python -m tools.soak_failover
	$(BIN)/python -m tools.soak_inbox
	$(BIN)/python -m tools.soak_links
	$(BIN)/python -m tools.soak_times
	$(BIN)/python -m tools.soak_days

build/peers/ready: .venv/ready tools/bench/peers.lock
	@rm -rf build/peers && .venv/bin/python -m venv build/peers
	@build/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tools/bench/peers.lock
	@touch $@

bench: .venv/ready-dev build/peers/ready
	@$(BIN)/python -m tools.bench build/peers/bin/python

prometheus: .venv/ready-dev
	@$(BIN)/python -m tools.prometheus

image: .venv/ready
	@$(BIN)/python -m tools.image

build/audit/ready: .venv/ready tools/audit.lock
	@rm -rf build/audit && .venv/bin/python -m venv build/audit
	@build/audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tools/audit.lock
	@touch $@

audit: build/audit/ready
	@build/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner=off -r requirements.lock -r requirements-dev.lock

sbom: .venv/ready
	@mkdir -p build && $(BIN)/python -m tools.sbom > build/sbom.json

commonmark: .venv/ready-dev
	@rm -rf build/commonmark
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --dest build/commonmark \
		"$$($(BIN)/python -m pip freeze | grep -i '^markdown-it-py==')"
	@$(BIN)/python -m tools.commonmark build/commonmark/*.tar.gz

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
