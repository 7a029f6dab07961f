# Each command sets up what it needs first (tools/bootstrap); nothing has to be installed beforehand but any python3.
.DEFAULT_GOAL := help
.PHONY: help setup plan test check format lock docs showcase figures bench

PYTHON := .venv/bin/python

help:
	@echo "make plan    solve the example: what to build in China after the ban of September 2025"
	@echo "make test    run the tests"
	@echo "make check   lint, format and type checks, import rules, tests"
	@echo "make format  rewrite the code in the project's format"
	@echo "make docs    write docs/columns.md, docs/schema.md and tables of docs/throughput.md"
	@echo "make showcase  solve the example anew for the picture and the what-if of the README"
	@echo "make figures  solve the shipped what-ifs and examples anew for the tables of docs/whatif.md and examples/README.md"
	@echo "make bench   solve a generated case and the examples, and say where the time goes"
	@echo "make lock    compile requirements.lock and tools/uv.txt anew"

setup:
	@sh tools/bootstrap

plan: setup
	@.venv/bin/planner plan examples/hyperscaler-cn.yaml

test: setup
	@$(PYTHON) -m pytest -n auto

check: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(PYTHON) -m pytest -n auto

format: setup
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

lock:
	@sh tools/lock

docs: setup
	@$(PYTHON) tools/docs.py

showcase: setup
	@$(PYTHON) tools/showcase.py

figures: setup
	@$(PYTHON) tools/worlds.py

bench: setup
	@$(PYTHON) tools/bench.py
