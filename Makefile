# make run: set up and open the program.   make test: set up and run every check and test.
# make lab: the program in a private Tor network, without any internet.
# More: lint, lab-shell, bench, lock, messages, test-all, clean.

PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
SOURCES := src tests
PIP := $(BIN)/pip --quiet --disable-pip-version-check

ifeq ($(PYTHON),)
$(error SafeComm needs Python 3.11 or newer: install python3.11 or later)
endif

.PHONY: run test lint lab lab-shell bench lock messages test-all clean environment parts-run parts-test

run: $(VENV)/run.stamp
	@$(BIN)/safecomm $(ARGS)

test: lint
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/test.stamp
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

lab: $(VENV)/test.stamp
	@$(BIN)/python -m tests.lab -- sh -c 'exec "$$0" --profile "$$LAB_PROFILE" "$$@"' $(abspath $(BIN))/safecomm $(ARGS)

lab-shell: $(VENV)/test.stamp
	@$(BIN)/python -m tests.lab $(ARGS)

bench: $(VENV)/test.stamp
	@$(BIN)/python -m tests.bench $(ARGS)

lock:
	PYTHON=$(PYTHON) packaging/lock.sh $(ARGS)

messages: $(VENV)/test.stamp
	$(BIN)/python packaging/messages.py

test-all: parts-test
	PYTHON=$(PYTHON) packaging/test-all.sh

clean:
	rm -rf $(VENV) .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

parts-run:
	@PYTHON=$(PYTHON) packaging/system-parts.sh run

parts-test:
	@PYTHON=$(PYTHON) packaging/system-parts.sh test

# An environment is made again if it is half made, made elsewhere (the folder was moved), or if its
# interpreter is gone (the system was upgraded).
NEW := $(shell test -x $(BIN)/python3 -a -x $(BIN)/pip && grep -qF " $(CURDIR)/$(VENV)" $(VENV)/pyvenv.cfg || echo environment)

environment: | parts-run
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/run.stamp $(VENV)/test.stamp: $(VENV)/%.stamp: requirements/%.txt requirements/build.txt pyproject.toml $(NEW) | parts-%
	$(PIP) install --require-hashes -r requirements/build.txt
	$(PIP) install --no-build-isolation --use-pep517 --require-hashes -r requirements/$*.txt
	$(PIP) install --no-build-isolation --no-deps -e .
	$(BIN)/python -m compileall -q src
	@touch $@
