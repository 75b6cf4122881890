# Two commands do everything: `make demo` and `make test`.
SHELL := bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
LOCKED := .venv/.locked
WORKERS ?= 2
# Neighbours share what a process makes once: each worker gets a contiguous half, and takes from the other at the end.
TIER := -n $(WORKERS) --dist worksteal -r fE

# What .banned-words is held against. Left out: past releases, and words that are data (prompts, the lexicon of briefs, a user's
# name).
WORDED := '*.py' '*.md' '*.js' '*.html' $(foreach path,\
	engines/providers/anthropic/answers.py engines/providers/anthropic/rules.py engines/providers/local/director/prompts.py \
	engines/providers/local/director/softening.py engines/providers/local/reading/reader.py engines/providers/local/reading/words bench/servers/postgres.py,\
	':(exclude)$(path)')

# uv does not read pip's configuration: pass a configured package index to it.
INDEX := $(or $(UV_DEFAULT_INDEX),$(PIP_INDEX_URL))
ifneq ($(INDEX),)
export UV_DEFAULT_INDEX := $(INDEX)
endif

# Without bytecode each process spends seconds on imports; some machines switch it off.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo dev live-smoke test test-faults test-security test-browser check format histories bench lock clean

help:
	@echo "make demo   make a music video of a demo song (SONG=path STYLE=\"Film Noir\" PROMPT=\"...\" OUT=file.mp4)"
	@echo "make test   run all tests that need no browser"
	@echo "make dev    stack and worker in the foreground, restarted when the code changes"
	@echo "make live-smoke  with your keys: buy one of each for less than a dollar, and see where the services differ"
	@echo "make check  format, lint (code, containers, scripts), types, import contracts, spelling and words"
	@echo "make histories   record histories of new scenarios; recorded ones stay"
	@echo "make bench  the figures, as ratios"
	@echo "make test-faults, make test-security, make test-browser   the other tiers; FULL=1 runs the full counts"

setup: $(LOCKED)

$(LOCKED): requirements.lock
	@test -x $(PY) || python3.11 -m venv .venv
	@$(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install --quiet uv
	$(PY) -m uv pip install --quiet --python $(PY) --require-hashes --compile-bytecode -r requirements.lock
	@touch $@

lock:
	$(PY) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra dev pyproject.toml -o requirements.lock

export SONG STYLE PROMPT OUT
demo: setup
	@$(PY) starter.py demo --song "$$SONG" --style "$$STYLE" --prompt "$$PROMPT" --out "$$OUT"

dev: setup
	@$(PY) starter.py up --reload

live-smoke: setup
	@$(PY) starter.py live-smoke

test: setup
	$(PY) -m pytest $(TIER) -m "not faults and not browser and not security"

test-faults: setup
	$(PY) -m pytest $(TIER) -m faults

test-security: setup
	$(PY) -m pytest $(TIER) -m security

test-browser: setup
	@command -v chromium >/dev/null || { echo "make test-browser needs Debian's chromium: apt-get install chromium"; exit 1; }
	$(PY) -m pytest $(TIER) -m browser

check: setup
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy .
	.venv/bin/lint-imports
	$(PY) -m codespell_lib .
	.venv/bin/hadolint deploy/Containerfile
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
	.venv/bin/shellcheck deploy/temporal/*.sh .ci/run
	@! git grep -nIwEf <(sed -E '/^#/d; s/ +# .*//' .banned-words) -- $(WORDED) || { echo "^ words of .banned-words: it says what to write instead"; exit 1; }

format: setup
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

histories: setup
	$(PY) -m pytest -q tests/replay/record_histories.py tests/replay/record_boards.py

bench: setup
	@for name in draft drift assembly studio ledger together directing conform orchestration load pipelining api security; do echo "== bench.$$name"; $(PY) -m bench.$$name || exit 1; done
	@echo "== bench.music needs a folder of songs with truth: $(PY) -m bench.music FOLDER"

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
