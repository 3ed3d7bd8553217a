# make quickstart | test | model | lint | help
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
MINUTES ?= 20
export PYTHONUTF8 := 1
export HF_HUB_OFFLINE ?= 1
export TOKENIZERS_PARALLELISM := false

.DEFAULT_GOAL := help
.PHONY: help install quickstart model test lint format clean

help:                ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

install: $(VENV)/.installed  ## venv + install, with the versions of constraints.txt

quickstart: install  ## install -> dataset -> fine-tune (short) -> evaluate -> export -> analyse an article
	$(BIN)/python scripts/build_dataset.py
	$(BIN)/python scripts/train.py experiment=quickstart
	$(BIN)/python scripts/evaluate.py
	$(BIN)/python scripts/export_model.py export.gate_pairs=300
	$(BIN)/python scripts/analyze.py model_dir=models/stance input=data/example.txt output=outputs/statements.jsonl report=outputs/report.html
	@$(BIN)/python scripts/summary.py

model: install       ## the full recipe on the whole corpus, exported to models/stance [MINUTES=20, 0: all steps]
	$(BIN)/python scripts/build_dataset.py
	$(BIN)/python scripts/train.py training.max_minutes=$(MINUTES)
	$(BIN)/python scripts/evaluate.py
	$(BIN)/python scripts/export_model.py

test: install        ## install -> the whole test suite, on all cores
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses logical --maxprocesses 8 --dist loadfile

lint: install        ## ruff, ruff format, mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install      ## rewrite to the house format
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

clean:               ## remove what runs have made (not the environment)
	rm -rf data/processed outputs models reports
