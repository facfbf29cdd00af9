# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything is built and run below build/. `make help` lists the targets.
# CORE=2.19 runs sanity, units or integration on that ansible-core release; without it, on the newest that runs here.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON3 := $(shell command -v python3)
CORE :=
ARGS :=
T :=
STEPS := sanity integration units simulator-tests lint demo docs-tests packaging
VENV := $(CURDIR)/build/venv
ANSIBLE_TEST = $(PYTHON3) tests/tools/ansible_test.py $(1) $(if $(CORE),--core $(CORE))
# where a check works that wants the folder names of an installed collection
COPY = $(CURDIR)/build/$(1)/ansible_collections/community/catchpoint
RESULT = $(or $(STEP_RESULT),$(CURDIR)/build/results-$(1))
# Sessions of nox, not each in an environment of its own: build/venv has the same tools already. CI=true: nothing is changed.
NOX = mkdir -p build/nox build/home; for session in $(1); do ln -sfn ../venv build/nox/$$session; done; \
	export HOME=$(CURDIR)/build/home CI=true NO_COLOR=1; \
	nox --envdir build/nox --reuse-existing-virtualenvs --no-install --sessions $(1)

export LC_ALL := C.UTF-8
export PATH := $(VENV)/bin:$(PATH)

.PHONY: help
help:  ## show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## */\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 32

.PHONY: test
test:  ## everything: lint and types, sanity, units, integration, the simulator, the demo, the Galaxy artefact
	@$(PYTHON3) tests/tools/chain.py $(STEPS)

.PHONY: matrix
matrix:  ## sanity, units and integration on every tested ansible-core, and on every Python found
	@$(PYTHON3) tests/tools/chain.py --matrix

.PHONY: venv
venv:  ## make build/venv: the newest ansible-core that runs here, and all tools
	@$(PYTHON3) tests/tools/environments.py > /dev/null

.PHONY: unit-fast
unit-fast: venv  ## the unit tests at once, by plain pytest (ARGS="-k name")
	@python -m pytest -q $(if $(filter tests/%,$(ARGS)),,tests/unit) $(ARGS)

.PHONY: sanity
sanity:  ## ansible-test sanity (ARGS="--test validate-modules plugins/modules/x.py")
	@$(call ANSIBLE_TEST,sanity) $(ARGS)

.PHONY: units
units:  ## ansible-test units, on the oldest Python found and on the controller's
	@$(call ANSIBLE_TEST,units) $(ARGS)

.PHONY: units-all
units-all:  ## ansible-test units, on every Python found
	@$(call ANSIBLE_TEST,units) --pythons all $(ARGS)

.PHONY: integration
integration:  ## ansible-test integration against the simulator (T=target)
	@$(call ANSIBLE_TEST,integration) $(T) $(ARGS)

.PHONY: integration-oldest
integration-oldest:  ## the same with the modules on the oldest Python found
	@$(call ANSIBLE_TEST,integration) --pythons oldest $(T) $(ARGS)

.PHONY: units-oldest-libraries
units-oldest-libraries:  ## units with the oldest requests, urllib3 and python-dateutil that the collection claims
	@$(call ANSIBLE_TEST,units) --oldest-libraries $(ARGS)

.PHONY: integration-oldest-libraries
integration-oldest-libraries:  ## the same for integration
	@$(call ANSIBLE_TEST,integration) --oldest-libraries $(T) $(ARGS)

.PHONY: simulator-tests
simulator-tests: venv  ## the tests of the simulator itself
	@python -m pytest --import-mode=prepend --junit-xml=$(call RESULT,simulator-tests).xml $(if $(filter tests/%,$(ARGS)),,tests/simulator) $(ARGS)

.PHONY: docs-tests
docs-tests: venv  ## the tests of documentation: README, guides, examples, site
	@python -m pytest --junit-xml=$(call RESULT,docs-tests).xml $(if $(filter tests/%,$(ARGS)),,tests/docs) $(ARGS)

.PHONY: lint
lint: venv  ## the sessions of noxfile.py: format, code, types, licences, changelog, documentation, ansible-lint
	@$(call NOX,formatters codeqa yamllint typing antsibull-nox-config extra-checks license-check changelog-lint docs-check ansible-lint)

.PHONY: docs
docs: venv  ## build the documentation site: build/docs/html/index.html
	@$(PYTHON3) tests/tools/tree.py docs > /dev/null
	@cd build/docs; rm -rf rst html; mkdir -m 700 rst; export HOME=$(CURDIR)/build/home; mkdir -p $$HOME; \
	ANSIBLE_COLLECTIONS_PATH=$$PWD antsibull-docs collection --use-current --squash-hierarchy --fail-on-error \
	    --dest-dir rst community.catchpoint; \
	sphinx-build --quiet --fail-on-warning -c $(CURDIR)/tests/tools/site rst html
	@echo build/docs/html/index.html

.PHONY: format
format: venv  ## put the code into the format that lint asks for
	@ruff format .
	@ruff check --fix .

.PHONY: changelog
changelog: venv  ## write the changelog of the version in galaxy.yml from changelogs/fragments and the plugins
	@$(PYTHON3) tests/tools/tree.py changelog > /dev/null
	@cd $(call COPY,changelog); export HOME=$(CURDIR)/build/home ANSIBLE_COLLECTIONS_PATH=$(CURDIR)/build/changelog; \
	version=$$(sed -n 's/^version: *//p' galaxy.yml); \
	grep -qs "^  $$version:" changelogs/changelog.yaml && again="--update-existing --refresh --reload-plugins"; \
	antsibull-changelog release $${again:-}; \
	cp CHANGELOG.md CHANGELOG.rst $(CURDIR); cp changelogs/changelog.yaml $(CURDIR)/changelogs

.PHONY: types
types: venv  ## of these, the types alone
	@$(call NOX,typing)

.PHONY: nox
nox: venv  ## all sessions that need no container, each in an environment of its own, as for a pull request
	@CI=true nox --envdir build/nox-alone --reuse-existing-virtualenvs $(ARGS)

.PHONY: packaging
packaging: venv  ## build the Galaxy artefact in build/, install it, check it as Galaxy, AWX and users see it; tools, statistics
	@python tests/tools/artefact.py > /dev/null
	@python -m pytest --junit-xml=$(call RESULT,packaging).xml $(if $(filter tests/%,$(ARGS)),,tests/packaging) $(ARGS)

.PHONY: release
release: venv  ## test and build the version in galaxy.yml from a clean commit; tagging and publishing is left to you
	@python tests/tools/release.py

.PHONY: simulator
simulator:  ## start the Catchpoint simulator (ARGS=--help)
	@exec $(PYTHON3) extensions/simulator $(ARGS)

.PHONY: demo
demo:  ## a playbook that asks Catchpoint and decides: the real service with credentials, else the simulator
	@core=$$($(PYTHON3) tests/tools/environments.py run); export PATH=$$core/bin:$$PATH; \
	export ANSIBLE_COLLECTIONS_PATH; ANSIBLE_COLLECTIONS_PATH=$$(python tests/tools/artefact.py); \
	demo/run $(ARGS)

.PHONY: benchmark
benchmark:  ## measure what tasks and lookups cost
	@core=$$($(PYTHON3) tests/tools/environments.py run); export PATH=$$core/bin:$$PATH; \
	ANSIBLE_COLLECTIONS_PATH=$(CURDIR)/build/dev tests/benchmark/run $(ARGS)

.PHONY: clean
clean:  ## remove everything that was built
	rm -rf build tests/output
