# Every target makes its own .venv with Python 3.11 or newer; nothing else need be installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test soak check bench bench-million screenshots clean

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Parallax needs Python 3.11 or newer; name one: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check torch==2.13.0
	$(BIN)/pip install --disable-pip-version-check --editable '.[dev]'
	touch $(STAMP)

run: $(STAMP)  ## build the index if there is none, then open the web chat
	$(BIN)/python app.py

test: $(STAMP)  ## run the tests, file by file on two cores
	$(BIN)/python -m pytest -n 2 --dist loadfile

soak: $(STAMP)  ## read every hostile file, kill a thousand builds (about half an hour)
	SOAK=1 $(BIN)/python -m pytest --durations=5 tests/test_hostile.py tests/test_index_held.py

check: $(STAMP)  ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)  ## measure start-up and the page (Debian's chromium); answers and indexing on DATA=folder
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/page.py
	$(if $(DATA),$(BIN)/parallax evaluate $(DATA) --baselines)
	$(if $(DATA),$(BIN)/python benchmarks/indexing.py $(DATA))

bench-million: $(STAMP)  ## libraries of up to a million passages out of DATA=folder, in OUT=folder (an hour, 60 GB)
	$(BIN)/python benchmarks/million.py $(DATA) $(OUT)
	$(BIN)/python benchmarks/growth.py $(OUT)/figures.json docs/images/growth.png

screenshots: $(STAMP)  ## make the pictures of the README again (needs Debian's chromium)
	$(BIN)/python benchmarks/screenshots.py docs/images

clean:  ## remove what was built here; the seeds stay
	rm -rf $(VENV) .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info build dist
	find index -mindepth 1 ! -name .gitkeep -delete
