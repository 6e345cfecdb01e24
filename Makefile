# `make warehouse` and `make test` are all that a newcomer needs; each installs what it needs.
PYTHON ?= python3
CORPUS ?= ../shared/corpus
SCORE ?= ../shared/tools/score.py

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
OCR_STAMP := $(VENV)/.installed-ocr
SPARK_VENV := .venv-spark
SPARK_BIN := $(SPARK_VENV)/bin
SPARK_STAMP := $(SPARK_VENV)/.installed

export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help venv ocr warehouse site notebooks test formats corpus spark lint format fuzz night bench samples lock hooks clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(STAMP) ## create .venv from requirements.lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
		echo "make: $(PYTHON) is not Python 3.11, 3.12 or 3.13; name one with 'make PYTHON=python3.12 …'" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "make: $(PYTHON) has no venv module; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --only-binary :all: --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

ocr: $(OCR_STAMP) ## add to .venv what reads scans and images

$(OCR_STAMP): $(STAMP) requirements-ocr.lock
	$(BIN)/python -m pip install --quiet --no-deps --only-binary :all: --require-hashes -r requirements-ocr.lock
	@touch $@

warehouse: $(STAMP) ## ingest the bundled samples, build and publish warehouse/
	@# Exit status 3 says that some files were rejected, each with its reason: the rest is still worth having.
	$(BIN)/juesuan ingest samples/disclosures || [ $$? -eq 3 ]
	$(BIN)/juesuan build

site: $(STAMP) ## write the report site of what is published to warehouse/site/
	$(BIN)/juesuan site

notebooks: $(STAMP) ## run all notebooks on what is published, as a schedule would, into target/notebooks/
	@mkdir -p target/notebooks
	@for notebook in notebooks/*.py; do \
		echo $$notebook && $(BIN)/python $$notebook -- --format html > target/notebooks/$$(basename $$notebook .py).html || exit 1; done

test: $(STAMP) ## run all tests
	$(BIN)/python -m pytest

corpus: $(STAMP) ## ingest and build ../shared/corpus into warehouse-corpus/ and score it
	@test -d $(CORPUS)/documents || { \
		echo "make corpus: no documents at $(CORPUS)/documents; say where with 'make corpus CORPUS=…'" >&2; exit 2; }
	JUESUAN_HOME=warehouse-corpus $(BIN)/juesuan ingest $(CORPUS)/documents || [ $$? -eq 3 ]
	JUESUAN_HOME=warehouse-corpus $(BIN)/juesuan build
	@test -f $(SCORE) || { echo "make corpus: built, but not scored: no $(SCORE)" >&2; exit 2; }
	@$(BIN)/python $(SCORE) warehouse-corpus/current/warehouse.duckdb $(CORPUS)/gold; echo "score: exit status $$?"

$(SPARK_STAMP): requirements.lock requirements-spark.lock pyproject.toml
	@java -version >/dev/null 2>&1 || { echo "make: Spark needs a Java runtime, version 17 or 21" >&2; exit 1; }
	$(PYTHON) -m venv $(SPARK_VENV)
	$(SPARK_BIN)/python -m pip install --quiet --no-deps --only-binary :all: --require-hashes -r requirements.lock
	@# pyspark is published as source: what builds it is in the lock above, so that nothing unpinned is run.
	$(SPARK_BIN)/python -m pip install --quiet --no-deps --only-binary :all: --no-binary pyspark --no-build-isolation \
		--require-hashes -r requirements-spark.lock
	$(SPARK_BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

spark: $(SPARK_STAMP) ## build the samples, or JUESUAN_HOME=…, on DuckDB and on Spark and compare them
	@test -n "$(JUESUAN_HOME)" || $(SPARK_BIN)/juesuan --home target/spark/home ingest samples/disclosures || [ $$? -eq 3 ]
	$(SPARK_BIN)/python tests/spark/beside_duckdb.py --home $(or $(JUESUAN_HOME),target/spark/home)

formats: $(STAMP) ## try every sample in every format, and a warehouse of each format alone: takes an hour and more
	JUESUAN_FORMATS=complete $(BIN)/python -m pytest tests/python/test_formats.py

lint: $(STAMP) ## run every check that is not a test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar models tests/data analyses
	$(BIN)/dbt --quiet --warn-error-options '{"error": ["Deprecations"]}' parse --target-path target/lint --no-partial-parse

format: $(STAMP) ## let ruff and sqlfluff rewrite what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --disable-progress-bar models tests/data analyses

fuzz: $(STAMP) ## mutate files of every format and ingest them (FUZZ="--count 200 --seed 7")
	$(BIN)/python -m tests.fuzz $(FUZZ)

night: $(STAMP) ## kill nights at random moments (NIGHT="--count 100")
	$(BIN)/python -m tests.night.kill $(NIGHT)

bench: $(STAMP) ## time the reader beside the bare library
	$(BIN)/python benchmarks/reader.py

samples: $(STAMP) ## render the sample disclosures anew
	$(BIN)/python -m samples.render

lock: $(STAMP) ## resolve pyproject.toml anew into requirements*.lock
	@# Wheels alone are installed: a version that comes as source only is none.
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --only-binary :all: \
		--no-emit-index-url --no-strip-extras --custom-compile-command "make lock" --upgrade --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra spark --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-strip-extras --constraint requirements.lock \
		--custom-compile-command "make lock" --upgrade --quiet -o requirements-spark.lock
	@# OpenCV comes in two builds that overwrite each other; the one with windows needs libraries that servers lack.
	@mkdir -p target && echo 'opencv-python; python_version < "0"' > target/overrides.txt
	$(BIN)/uv pip compile pyproject.toml --extra ocr --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-strip-extras --constraint requirements.lock --overrides target/overrides.txt \
		--custom-compile-command "make lock" --upgrade --quiet -o requirements-ocr.lock

hooks: $(STAMP) ## run the checks before every commit
	$(BIN)/pre-commit install

clean: ## remove what was built, but not .venv and .venv-spark
	rm -rf warehouse warehouse-corpus target logs build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -not -path './$(SPARK_VENV)/*' -prune -exec rm -rf {} +
