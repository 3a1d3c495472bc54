# Each target sets up what it needs; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

export ANONYMIZED_TELEMETRY := False
export GRADIO_ANALYTICS_ENABLED := False
export HF_HUB_OFFLINE ?= 1
export TOKENIZERS_PARALLELISM := false
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help install run test eval gate fuzz bench load lint format sample screenshots clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-11s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "需要 Python 3.11 或更新的版本；可用 make PYTHON=/path/to/python3.11 指定。" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# A stamp per set of packages: nothing is installed twice until pyproject.toml changes.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -e '.[dev]'
	@touch $(VENV)/.installed $@

install: $(VENV)/.installed ## the environment in .venv, nothing else

# The sample is indexed before the page opens; a store elsewhere is left to the app itself.
.store/.sample: samples/yunhai-data-2024.pdf $(VENV)/.installed
	$(BIN)/python -m index build --store .store $<
	@touch $@

run: install .store/.sample ## open the app on the sample report
	$(BIN)/python app.py

test: $(VENV)/.installed-dev ## all tests
	$(BIN)/python -m pytest

eval: install ## evaluate on the sample report
	$(BIN)/python -m eval run

gate: install ## fail when the accuracy on the sample falls below the record
	$(BIN)/python -m eval gate

fuzz: $(VENV)/.installed-dev ## 2,000 damaged PDFs and those made by hand through the reader
	$(BIN)/python -m tests.fuzz --count 2000 --hand

bench: install ## speed and memory
	$(BIN)/python -m eval bench

load: $(VENV)/.installed-dev ## 50 users at once for five minutes, then more than the queue takes
	$(BIN)/python -m eval.load

lint: $(VENV)/.installed-dev ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy index qa eval app.py

format: $(VENV)/.installed-dev ## put the code in ruff's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

sample: $(VENV)/.installed-dev ## make the sample report anew
	$(BIN)/python samples/make_sample.py

screenshots: $(VENV)/.installed-dev ## take the README's pictures of the page anew
	$(BIN)/python -m tests.screenshots

clean: ## remove caches and the store, keep the environment
	rm -rf .store build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
