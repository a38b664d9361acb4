# make run · make test · make check · make bench; `make help` lists the rest.
# Needs Python 3.11 or newer and make, nothing else.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
JOBS ?= 2
DATA_DIR ?= .local
export DATA_DIR

# Settings for checks that need no running service.
OFFLINE := DJANGO_SETTINGS_MODULE=manager.settings.test

LOCK := --quiet --system-certs --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header

.PHONY: help run test check bench faults simulate client isolation-report shell tick messages lock compile format set-up

help: ## List what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

run: set-up ## Start the panel with its demonstration on http://127.0.0.1:8000 (PORT, DATA_DIR)
	@$(PY) -m manager.demo.run

test: compile ## Run the whole suite
	@$(PY) -m pytest -n $(JOBS) --dist loadfile $(ARGS)

check: compile ## Format, lint, types, contracts, migrations, templates, translations, settings, audit
	@$(PY) -m manager.demo.checks

bench: compile ## Run the benchmarks
	@$(PY) -m pytest tests/benchmarks --run-benchmarks -s -p no:cacheprovider $(ARGS)

faults: compile ## Charge CHARGES=1000 renewals while workers, beat, queue and database are killed; prints a report
	@DATA_DIR=$(DATA_DIR)/faults CHARGES=$(or $(CHARGES),1000) $(PY) -m pytest tests/faults/harness -s -p no:cacheprovider $(ARGS)

simulate: set-up ## Live through 36 months of random events on all processors, with SEED=1 PRODUCTS=1000 MONTHS=36 FAULTS=1
	@$(PY) -m manager.demo.services run $(PY) manage.py simulate --verbosity 2 \
		$(if $(SEED),--seed $(SEED)) $(if $(PRODUCTS),--products $(PRODUCTS)) $(if $(MONTHS),--months $(MONTHS)) \
		$(if $(FAULTS),--faults)

client: compile ## Write the typed Python client of the API into build/python-client
	@mkdir -p build
	@$(OFFLINE) $(PY) manage.py spectacular --format openapi-json --file build/openapi.json
	@PATH="$(VENV)/bin:$$PATH" $(VENV)/bin/openapi-python-client generate --path build/openapi.json \
		--config clients/python/config.yaml --output-path build/python-client --overwrite --fail-on-warning

isolation-report: compile ## Write docs/isolation.md: who may do what, and what proves it
	@$(OFFLINE) $(PY) -m tests.isolation.report

shell: set-up ## A Python shell in the demonstration's set-up
	@$(PY) -m manager.demo.services run $(PY) manage.py shell

tick: set-up ## Do all periodic work, as of a moment with AT=2027-03-01, beside a running panel
	@$(PY) manage.py tick $(if $(AT),--at $(AT))

messages: set-up ## Bring the catalogues in locale/ up to date with the sources
	@$(OFFLINE) $(PY) manage.py update_translations

format: set-up ## Format the Python sources
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix --quiet .

lock: set-up ## Choose versions anew from pyproject.toml, with hashes and without an index address
	@$(VENV)/bin/uv pip compile pyproject.toml $(LOCK) -o requirements/base.txt
	@$(VENV)/bin/uv pip compile pyproject.toml $(LOCK) --extra dev -c requirements/base.txt -o requirements/dev.txt
	@$(VENV)/bin/uv pip compile requirements/bootstrap.in $(LOCK) -o requirements/bootstrap.txt

compile: set-up
	@$(PY) -m manager.shell.languages >/dev/null

set-up: $(READY)

$(READY): requirements/bootstrap.txt requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "Manager needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Manager needs Python 3.11 or newer; $(PYTHON) is older. Set PYTHON=…"; exit 1; }
	@echo "Installing the packages into $(VENV) …"
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@$(VENV)/bin/uv pip sync --quiet --system-certs --python $(PY) --require-hashes \
		requirements/bootstrap.txt requirements/dev.txt \
		|| $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(PY) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "manager-project.pth").write_text(str(pathlib.Path.cwd()) + "\n")'
	@touch $@
