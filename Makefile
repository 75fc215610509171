# Every target sets itself up: a machine with Python 3.11 or newer, pip and make is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: demo test test-all bench bench-parts pictures lint setup lock clean

demo: setup
	@$(BIN)/ajar demo

test: setup
	@tests/install_packages.sh chromium=chromium
	@$(BIN)/python -m pytest -m "not long" --benchmark-skip -n 2 --dist loadfile

# Those that measure time have the machine for themselves, after all others.
test-all: setup
	@tests/install_packages.sh chromium=chromium '/usr/lib/postgresql/*/bin/postgres=postgresql'
	@$(BIN)/python -m pytest -m "not measured" --benchmark-skip -n 2 --dist loadfile
	@$(BIN)/python -m pytest -m measured --benchmark-skip

# Beside the script most people would write and beside lemon24/reader: ten minutes, most of them the script's.
bench: setup
	@$(BIN)/python -m tests.benchmarks.compare

# Every part by itself: fetching, reading, loading, the named questions.
bench-parts: setup
	@$(BIN)/python -m pytest tests/benchmarks --benchmark-only

# Draws the pictures in docs/pictures anew: the report and messages.
pictures: setup
	@tests/install_packages.sh chromium=chromium '/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf=fonts-noto-core' '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc=fonts-noto-cjk'
	@$(BIN)/python -m tests.pictures.draw

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

setup: $(INSTALLED)

# The stamp is written last, so an interrupted installation is done again.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Ajar needs Python 3.11 or newer; " + sys.executable + " is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12")'
	@echo "Setting up in $(VENV) (once; a few minutes) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(INSTALLED)

# The lock holds no address of any package index, so that pip and uv can both use it from anywhere.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-strip-extras --quiet --output-file requirements.lock
	@sed -i "1i \# Written by \`make lock\`: every package with its hashes, no addresses. Do not edit." requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
