PYTHON ?= python3
VENV ?= .venv
CONFORMANCE ?= .venv-conformance
RUN ?= runs/first
SMOKE_COUNT ?= 30
PYTEST_ARGS ?= -m "not gpu and not conformance and not bfcl"

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
JOB := --domain filesystem --domain banking --domain travel --turns 2-4 --seed 7

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help synth test lint unit smoke bench conformance install install-dev clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

synth: $(VENV)/.installed ## Write 300 proven dialogues to runs/first and show the first one
	$(BIN)/funreason synth $(JOB) --count 300 --out $(RUN) $(if $(wildcard $(RUN)),--resume)
	$(BIN)/funreason show $(RUN) 0

test: lint unit smoke ## Run every check: lint, types, imports, tests with coverage, a smoke run

lint: $(VENV)/.installed-dev ## Check format, lint rules, types and import directions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.installed-dev ## Run the tests with coverage
	$(BIN)/python -m pytest -n 3 --dist worksteal --cov $(PYTEST_ARGS)

smoke: $(VENV)/.installed-dev ## Run a short main job into a temporary folder and verify it
	@set -eu; out="$$(mktemp -d)"; trap 'rm -rf "$$out"' EXIT; set -x; \
	$(BIN)/funreason synth $(JOB) --count $(SMOKE_COUNT) --out "$$out/run"; \
	$(BIN)/funreason verify "$$out/run"

bench: $(VENV)/.installed-dev ## Run every benchmarks/bench_*.py
	@set -eu; for script in $(sort $(wildcard benchmarks/bench_*.py)); do \
		echo "== $$script"; $(BIN)/python "$$script"; \
	done

conformance: $(CONFORMANCE)/.installed ## Read exports with real trainers' libraries, in an environment of their own
	$(CONFORMANCE)/bin/python -m pytest -m conformance tests/conformance

install: $(VENV)/.installed ## Create the virtual environment with the package, editable

install-dev: $(VENV)/.installed-dev ## The same with the development tools

clean: ## Remove what the other targets made, except the runs
	rm -rf $(VENV) $(CONFORMANCE) build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache
	find env_specs fr_envs fr_synth tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than 3.11: pass another one, as in make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot create virtual environments: run apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.created
	$(PIP) -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.created
	$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/.installed

$(CONFORMANCE)/.installed: pyproject.toml
	$(PYTHON) -m venv $(CONFORMANCE)
	$(CONFORMANCE)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[conformance]'
	@touch $@
