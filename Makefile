# make run   sets up a virtual environment and runs the main job on data/
# make test  sets it up with the tools of development and runs every check and test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: run test soak example notebooks notebooks-check lint types imports docs unit browser data lock bench clean help
.PHONY: bench-page bench-necessity bench-sources bench-coder

help:
	@sed -n 's/^# make/make/p' Makefile
	@echo 'make example / notebooks / docs / bench / data / lock / clean: see CONTRIBUTING.md'

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	touch $@

# The package itself is installed in place; its build tools come from the same locked list.
$(VENV)/run: $(VENV)/python requirements.lock pyproject.toml
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/dev: $(VENV)/python requirements-dev.lock pyproject.toml
	$(PIP) --require-hashes -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@ $(VENV)/run

run: $(VENV)/run
	$(BIN)/bwa-study run data --out outputs

example: $(VENV)/run
	$(BIN)/bwa-study run examples/ai-work --out outputs/ai-work

notebooks: $(VENV)/run
	$(BIN)/jupyter lab notebooks

notebooks-check: $(VENV)/dev
	$(BIN)/python tools/run_notebooks.py --check

test: lint types imports docs unit

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/dev
	$(BIN)/mypy

imports: $(VENV)/dev
	$(BIN)/lint-imports

unit: $(VENV)/dev browser
	$(BIN)/pytest -n 2 --dist worksteal

# The page is tested in a real browser: installed where that is allowed, else the tests say what is missing.
browser:
	@sh tools/browser.sh

# The pages of docs/ as a site, warnings are errors; open docs/_build/html/index.html.
docs: $(VENV)/dev
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

bench: $(VENV)/dev browser
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/coder.py --large
	$(BIN)/python benchmarks/alpha_intervals.py --runs 1000
	$(BIN)/python benchmarks/recode_page.py
	$(BIN)/python benchmarks/compare_bootstrap.py
	$(BIN)/python benchmarks/compare_simulation.py --runs 1000 --slow-runs 100

# The re-coding page: key press to painted result, and 20 coders at once.
bench-page: $(VENV)/dev browser
	$(BIN)/python benchmarks/recode_page.py

# How well cases are recovered, by coders' quality and by who is asked.
bench-necessity: $(VENV)/dev
	$(BIN)/python benchmarks/necessity.py --seeds 200

# Reading: 1,000 Word interviews of 8,000 words, time and memory; 10,000 damaged files of five kinds.
bench-sources: $(VENV)/dev
	$(BIN)/python benchmarks/sources.py
	$(BIN)/python tools/mutations.py --each 2000

# The indicator coder beside its peers; then 200 MB streamed, one Dask worker against two, one killed (minutes).
bench-coder: $(VENV)/dev
	$(BIN)/python benchmarks/coder.py
	$(BIN)/python benchmarks/cluster.py

# Kills a writer of the coding log 1,000 times, and lets 20 programs write at once.
soak: $(VENV)/dev
	BWA_STUDY_KILLS=1000 $(BIN)/pytest tests/coding/log/test_log_crashes.py
	$(BIN)/python benchmarks/coding_log.py

# Rewrites what is generated from the package: the demo study in data/ and the measured table in docs/.
data: $(VENV)/dev
	$(BIN)/python tools/refresh.py

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
		--extra zh --group build pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
		--all-extras --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) outputs
