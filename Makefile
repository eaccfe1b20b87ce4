# The two commands: see it run (`make demo`), test it (`make test`). Both do all their own set-up.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin

.PHONY: demo test bench lint lock clean

demo: $(VENV)/.ready
	$(RUN)/hoeringsbot demo $(if $(ONCE),--once)

# Compiled modules are kept, since many tests start the service or a worker of it.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.ready-dev
	$(RUN)/pytest -n 4

bench: $(VENV)/.ready-dev
	$(RUN)/python -m tests.bench

lint: $(VENV)/.ready-dev
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(RUN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(RUN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# After a change of dependencies: write the locks again (needs `uv`, which `pip install uv` brings).
lock:
	uv --quiet pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	    --group build --output-file requirements.lock pyproject.toml
	uv --quiet pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	    --constraint requirements.lock --group dev --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) build dist
