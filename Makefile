# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything is built and run below build/. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON3 := $(shell command -v python3)
VENV := build/venv
export LC_ALL := C.UTF-8
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: help
help:  ## show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## */\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

.PHONY: venv
venv:  ## make build/venv: the newest ansible-core that runs here, and all tools
	@$(PYTHON3) tests/tools/venv.py > /dev/null

.PHONY: unit-fast
unit-fast: venv  ## the unit tests at once, by plain pytest (ARGS="-k name")
	@python -m pytest -q tests/unit $(ARGS)

.PHONY: clean
clean:  ## remove everything that was built
	rm -rf build tests/output
